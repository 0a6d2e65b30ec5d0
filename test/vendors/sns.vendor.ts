import https from 'node:https';
import { EventEmitter } from 'node:events';
import { createPublicKey } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { sns } from '../../lambdas/providers/sns.ts';
import { delivery, refusal, secret } from '../lambdas/providers/deliveries.ts';
import { loadFixture } from '../lambdas/providers/fixtures.ts';
import { load } from './oracle.ts';

type Done = (error: Error | null, message?: object) => void;

const module = await load<{ default: new () => { validate(message: string, done: Done): void } }>('sns-validator');

describe('sns, against sns-validator', () => {
  const cases = ['notification', 'no-subject', 'confirmation'].map((name) => loadFixture(`sns/${name}`));
  const certificate = cases[0]?.publicKey ?? '';

  // The certificate is on no host: the request for it is answered here.
  const get = jest.spyOn(https, 'get').mockImplementation(((_url: string, answer: (response: object) => void) => {
    const response = Object.assign(new EventEmitter(), { statusCode: 200 });
    setImmediate(() => {
      answer(response);
      response.emit('data', Buffer.from(certificate));
      response.emit('end');
    });
    return new EventEmitter();
  }) as unknown as typeof https.get);

  const theirs = (body: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      new module.default().validate(body.toString(), (error) => {
        resolve(error === null);
      });
    });

  it.each(cases.map((fixture) => [fixture.name, fixture] as const))('agrees about %s', async (_name, fixture) => {
    const context = { secrets: [secret(fixture.secrets.current)], key: createPublicKey(certificate) };
    const fields = JSON.parse(fixture.body.toString()) as Record<string, string>;
    const variants: Record<string, string>[] = [
      fields,
      ...Object.keys(fields).map((name) => ({ ...fields, [name]: `x${fields[name] ?? ''}` })),
    ];
    for (const variant of variants) {
      // sns-validator signs SubscribeURL in notifications too; SNS's page does not, and none has it.
      const body = Buffer.from(JSON.stringify(variant));
      const ours = refusal(sns, delivery({}, body), context) === 'accepted';
      expect([JSON.stringify(variant), ours]).toEqual([JSON.stringify(variant), await theirs(body)]);
    }
    // sns-validator passes over what follows the signature.
    const longer = Buffer.from(JSON.stringify({ ...fields, Signature: `${fields.Signature ?? ''}x` }));
    expect([refusal(sns, delivery({}, longer), context), await theirs(longer)]).toEqual(['malformed_signature', true]);
    expect(get).toHaveBeenCalled();
  });
});

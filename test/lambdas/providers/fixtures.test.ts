import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { recordedChecks } from '../../../package/provider-checks.ts';
import { fixturesOf } from './fixtures.ts';
import { delivery, isSignedInBody, ownScheme, refusal, secret, verdictOf } from './deliveries.ts';
import { underTest } from './subjects.ts';

describe.each([...underTest])('%s, against signatures computed elsewhere', (name, provider) => {
  const fixtures = fixturesOf(name);
  if (fixtures.length === 0) {
    // That every provider has such signatures is a matter of completeness.test.ts.
    it.todo('has none yet');
    return;
  }

  describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
    const { headers, body, url, now, secrets } = fixture;
    const received = delivery(headers, body, { url });
    // A registered URL with a query must be stated.
    const options = ownScheme(provider).signsUrl ? { publicUrl: fixture.publicUrl ?? url } : {};
    const published = fixture.publicKey === undefined ? {} : { key: createPublicKey(fixture.publicKey) };

    // The checks that a customer's own repository has too.
    it.each(recordedChecks(provider, fixture))('$name', ({ run }) => {
      expect(run).not.toThrow();
    });

    it.each(Object.entries(secrets))('is accepted with the %s secret', (_label, value) => {
      expect(verdictOf(provider, received, { secrets: [secret(value)], now, options, ...published })).toEqual({
        ok: true,
        secret: { label: 'current', versionId: 'version-current' },
      });
    });

    it('is refused with another secret, and with another last byte', () => {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
      const accepted = { secrets: [secret(secrets.current)], now, options, ...published };
      // White space around JSON is none of its texts.
      const another = provider.secret.parts ? secrets.current.replace('": "', '": "another ') : `${secrets.current} `;
      // Another key than the fixture's is published if it names one.
      const wrong = { secrets: [secret(another)], now, options };
      expect(refusal(provider, received, wrong)).toBe('signature_mismatch');
      if (isSignedInBody(provider)) return;
      const isCovered = ownScheme(provider).coverage !== 'caller';
      expect(refusal(provider, delivery(headers, changed, { url }), accepted)).toBe(
        isCovered ? 'signature_mismatch' : 'accepted',
      );
    });
  });
});

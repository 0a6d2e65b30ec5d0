import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../local/fake-providers/server.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { opsOn } from '../cli/ops/run-ops.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';
import { temporaryDirectory } from './temporary.ts';

/** Characters beyond U+FFFF: an emoji of several, a letter, the first and the last. */
const ASTRAL = '😀👩‍⚕️𝒳\u{10000}\u{10FFFF}';

const directory = temporaryDirectory();
const [up, handled] = [join(directory.path, 'up'), join(directory.path, 'handled')];
let fakes: FakeProviders;
let config: HookgateConfig;
let gateway: LocalGateway;

beforeAll(async () => {
  directory.write(
    'handler.ts',
    `import { appendFileSync, existsSync } from 'node:fs';
     export const handler = async ({ key, body }) => {
       if (!existsSync(${JSON.stringify(up)})) throw new Error('down');
       appendFileSync(${JSON.stringify(handled)}, JSON.stringify({ key, body: Buffer.from(body).toString() }) + '\\n');
     };`,
  );
  fakes = await startFakeProviders();
  const settings = {
    sources: {
      osigu: {
        provider: 'osigu',
        handler: join(directory.path, 'handler.ts'),
        retry: { attempts: 2, firstDelaySeconds: 1 },
      },
      nabla: { provider: 'nabla' },
      nvsep: { provider: 'nvsep' },
    },
  };
  config = resolveConfig(withFakeProviders(settings, fakes.url));
  gateway = await startGateway({ port: 0, config, dataDirectory: join(directory.path, 'data') });
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await fakes.stop();
  directory.remove();
}, 120_000);

const client = (name: string): SourceClient => SourceClient.of(name, config, gateway.url);
const ops = (line: string) => opsOn(gateway.url, config)(line);

/** An event of Osigu with such characters in its id, its type and its text. */
const osiguEvent = (): { key: string; body: Buffer } => {
  const key = `evt_${ASTRAL}${randomUUID()}`;
  const sample = JSON.parse(client('osigu').newEvent().toString()) as object;
  return {
    key,
    body: Buffer.from(JSON.stringify({ ...sample, event_id: key, event_type: `created ${ASTRAL}`, note: ASTRAL })),
  };
};
const timesHandled = (key: string, body: Buffer): number =>
  existsSync(handled)
    ? readFileSync(handled, 'utf8')
        .split('\n')
        .filter((line) => line === JSON.stringify({ key, body: body.toString() })).length
    : 0;

describe('an emoji in an event', () => {
  it('is delivered, becomes a dead letter, is redriven, archived and replayed', async () => {
    rmSync(up, { force: true });
    const sqs = new SQSClient({ ...gateway.aws, useQueueUrlAsEndpoint: false });
    const queueUrl = gateway.sources.find(({ name }) => name === 'osigu')?.queueUrl;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: '2' } }));
    sqs.destroy();

    const { key, body } = osiguEvent();
    expect(await client('osigu').deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    await eventually(async () => (await client('osigu').queues()).sources.osigu?.deadLetters === 1, 40_000);
    writeFileSync(up, '');
    expect(await ops('redrive osigu')).toMatchObject({ code: 0 });
    await eventually(() => timesHandled(key, body) === 1, 20_000);
    expect((await client('osigu').events()).find((event) => event.key === key)).toMatchObject({
      type: `created ${ASTRAL}`,
    });
    await eventually(async () => (await client('osigu').events()).find((e) => e.key === key)?.status === 'PROCESSED');
    expect(await ops(`replay osigu --key ${key}`)).toMatchObject({ code: 0 });
    await eventually(() => timesHandled(key, body) === 2, 20_000);
  }, 120_000);

  it('waits in quarantine, and is released', async () => {
    writeFileSync(up, '');
    const key = `evt_${ASTRAL}${randomUUID()}`;
    const sample = JSON.parse(client('osigu').newEvent().toString()) as object;
    const body = Buffer.from(JSON.stringify({ ...sample, event_id: key, environment: 'sandbox', note: ASTRAL }));
    expect(await client('osigu').deliver(body)).toMatchObject({ status: 200, body: { status: 'quarantined' } });
    expect(await ops(`quarantine release osigu ${key}`)).toMatchObject({ code: 0 });
    await eventually(() => timesHandled(key, body) === 1, 20_000);
  }, 120_000);

  it('is recovered by polling, and published as it came', async () => {
    const id = `x-${ASTRAL}`;
    fakes.nvsep.entries.push({ id, createdAt: '2999-01-01T00:00:00Z', note: ASTRAL });
    const answer = await fetch(`${gateway.url}/_local/missed-events/nvsep`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ outcome: 'succeeded', accepted: 1 });
    const [entry] = await eventually(async () => {
      const bus = await client('nvsep').bus();
      return bus.length > 0 && bus;
    }, 20_000);
    expect(JSON.stringify(entry?.detail)).toContain(ASTRAL);
  }, 40_000);
});

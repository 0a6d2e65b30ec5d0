import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { consoleApi } from '../../cli/console/api.ts';
import { consoleAssets } from '../../cli/console/build.ts';
import { serveConsole } from '../../cli/console/server.ts';
import { localSecrets } from '../../cli/local-gateway.ts';
import { post } from '../../cli/send/post.ts';
import { sample, signed } from '../../cli/send/signed.ts';
import { sourceNamed } from '../../cli/sources.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { teardown } from '../../local/teardown.ts';
import { freePort } from '../free-port.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const SETTINGS: Settings = {
  stage: 'dev',
  sources: {
    osigu: { provider: 'osigu', environment: 'production' },
    nvsep: { provider: 'nvsep' },
    // A queue that takes everything, and a receiver that is down.
    shared: {
      provider: 'nvsep',
      targets: [
        { name: 'billing', kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:billing' },
        {
          ...{ name: 'partner', kind: 'http', url: `http://127.0.0.1:${await freePort()}/` },
          retry: { attempts: 2, firstDelaySeconds: 1, maxDelaySeconds: 1 },
        },
        { name: 'rare', kind: 'sns', arn: 'arn:aws:sns:us-east-1:123456789012:rare', types: ['no.such.type'] },
      ],
    },
    failing: { provider: 'nabla', handler: './handler.ts' },
  },
};

/** A text of markup, escape sequences and marks that turn the direction of writing. */
export const HOSTILE = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>\u001b[31m\u202e\u0000{{7*7}}\u2028';
/** The same as it must be shown. */
export const HOSTILE_SHOWN =
  '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>\\u001b[31m\\u202e\\u0000{{7*7}}\\u2028';

export interface Running {
  readonly gateway: LocalGateway;
  /** The address of the console that may change things, and of the one that only reads. */
  readonly address: string;
  readonly readOnly: string;
  /** Delivers an event of a source, its body changed; resolves to the status. */
  deliver(source: string, change?: (body: Record<string, unknown>) => Record<string, unknown>): Promise<number>;
  stop(): Promise<void>;
}

/** A gateway with stand-ins for providers' APIs, and two consoles. */
export async function run(): Promise<Running> {
  const down = teardown();
  const fakes = await startFakeProviders();
  down.add(() => fakes.stop());
  const config = resolveConfig(withFakeProviders(SETTINGS, fakes.url), {
    root: HERE,
    file: 'gateway.ts',
  });
  const gateway = await startGateway({ port: 0, config });
  down.add(() => gateway.stop());
  const env = { PORT: new URL(gateway.url).port };
  const context = { env, loadConfig: () => config, clock: () => Date.now(), newId: () => randomUUID() };
  const assets = consoleAssets();
  const [address = '', readOnly = ''] = await Promise.all(
    [true, false].map(async (allowChanges) => {
      const served = await serveConsole({ api: consoleApi({ local: true, allowChanges }, context), assets, port: 0 });
      down.add(() => served.stop());
      return served.address;
    }),
  );
  return {
    ...{ gateway, address, readOnly },
    async deliver(name, change = (body) => body) {
      const source = sourceNamed(name, config.sources);
      const body = JSON.parse(sample(source, new Date()).toString()) as Record<string, unknown>;
      const url = `${gateway.url}/webhooks/${name}`;
      const { status } = await post(
        signed({
          ...{ source, url, now: new Date(), secret: localSecrets(source, env).signing },
          body: Buffer.from(JSON.stringify(change(body))),
        }),
      );
      return status;
    },
    stop: () => down.run(),
  };
}

/** Waits until a look shows what is expected. */
export async function until<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await look();
    if (isSo(value)) return value;
    await sleep(200);
    if (Date.now() > deadline) throw new Error(`it did not come: ${JSON.stringify(value).slice(0, 500)}`);
  }
}

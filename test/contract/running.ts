import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, Gateway } from './gateway.ts';
import type { Reply } from './gateway.ts';
import { sandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { senders } from './signer.ts';
import type { ProviderName } from './signer.ts';

/** The argument that a handler received: the JavaScript type of each field, and the whole as JSON. */
export interface Handled {
  readonly types: Readonly<Record<string, string>>;
  readonly event: Readonly<Record<string, unknown>>;
  /** The body in base64, if it was a Buffer. */
  readonly body: string | null;
}

export interface Running {
  readonly sandbox: Sandbox;
  readonly gateway: Gateway;
  readonly env: NodeJS.ProcessEnv;
  /** The body that each source was sent. */
  readonly sent: ReadonlyMap<string, Buffer>;
  /** The answer of each source to it. */
  readonly replies: ReadonlyMap<string, Reply>;
  handled(): Handled[];
  /** The lines in CloudWatch's embedded metric format of the function that runs the handler. */
  metrics(): Record<string, unknown>[];
}

/** The sources beside one of each provider under the provider's name. */
export const SANDBOX_SOURCE = 'osigu-sandbox';
export const HANDLED_SOURCE = 'notes';
export const SANDBOX_SECRET = 'contract secret of the sandbox';

const SETTINGS = `{
  stage: 'dev',
  sources: {
    optum: { provider: 'optum' },
    osigu: { provider: 'osigu' },
    honeybee: { provider: 'honeybee' },
    nvsep: { provider: 'nvsep' },
    nabla: { provider: 'nabla' },
    '${SANDBOX_SOURCE}': { provider: 'osigu', environment: 'sandbox' },
    ${HANDLED_SOURCE}: { provider: 'nabla', handler: './contract-handler.ts' },
  },
}`;

/** A customer's handler that writes down what it gets. */
const handlerFile = (handled: string): string => `
import { appendFileSync } from 'node:fs';
export const handler = async (event) => {
  const types = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, typeof value]));
  const body = Buffer.isBuffer(event.body) ? event.body.toString('base64') : null;
  appendFileSync(${JSON.stringify(handled)}, JSON.stringify({ types, event, body }) + '\\n');
};
`;

/** The treatment that `npm start` gives the lines that a function prints: it shows all but those for CloudWatch. */
const SHOWN = `if (!line.includes('"_aws":{')) console.log(line);`;

/** Has the gateway of a copy write down what the function that runs the handler prints for CloudWatch. */
function keepMetrics({ directory }: Sandbox, metrics: string): void {
  const path = join(directory, 'local/run.ts');
  const text = readFileSync(path, 'utf8');
  if (!text.includes(SHOWN)) throw new Error(`local/run.ts does not hold "${SHOWN}"`);
  const isMetric = `line.startsWith('[NotesProcessor]')`;
  const keep = `appendFileSync(${JSON.stringify(metrics)}, line.slice(line.indexOf('{')) + '\\n')`;
  const changed = text.replace(SHOWN, `${SHOWN} else if (${isMetric}) ${keep};`);
  writeFileSync(path, `import { appendFileSync } from 'node:fs';\n${changed}`);
}

/** Starts the gateway, and has every source get an event of its own. */
export async function run(): Promise<Running> {
  const copy = sandbox();
  const [handled, metrics] = [join(copy.directory, 'handled.jsonl'), join(copy.directory, 'metrics.jsonl')];
  writeFileSync(handled, '');
  writeFileSync(metrics, '');
  writeFileSync(join(copy.directory, 'contract-handler.ts'), handlerFile(handled));
  keepMetrics(copy, metrics);
  copy.configure(SETTINGS);
  const env = {
    HOOKGATE_FAKE_PROVIDERS: '1',
    HOOKGATE_DATA_DIR: join(copy.directory, 'data'),
    HOOKGATE_SECRET_OSIGU_SANDBOX: SANDBOX_SECRET,
    // The stand-in for NVSEP's API knows another token.
    HOOKGATE_CREDENTIALS_NVSEP: 'another-token',
  };
  const gateway = await Gateway.start(copy, env);
  const sent = new Map<string, Buffer>();
  for (const [name, { sample }] of Object.entries(senders)) sent.set(name, Buffer.from(JSON.stringify(sample())));
  sent.set(HANDLED_SOURCE, Buffer.from(JSON.stringify(senders.nabla.sample())));
  const replies = new Map<string, Reply>();
  for (const [source, body] of sent) replies.set(source, await gateway.deliver(source, providerOf(source), body));
  await processed(gateway, sent.size);
  return {
    sandbox: copy,
    gateway,
    env,
    sent,
    replies,
    handled: () => lines(handled),
    metrics: () => lines(metrics),
  };
}

export const providerOf = (source: string): ProviderName =>
  source === HANDLED_SOURCE ? 'nabla' : source === SANDBOX_SOURCE ? 'osigu' : (source as ProviderName);

/** Waits until so many events are processed. */
export const processed = (gateway: Gateway, count: number): Promise<unknown> =>
  eventually(async () => {
    const events = await gateway.view<{ status: string }[]>('/_local/events');
    return events.filter(({ status }) => status === 'PROCESSED').length >= count;
  });

function lines(path: string): (Handled & Record<string, unknown>)[] {
  const all = readFileSync(path, 'utf8').split('\n');
  return all.filter(Boolean).map((line) => JSON.parse(line) as Handled & Record<string, unknown>);
}

/** A value whose times, ids and hashes, new with every run, are words. */
export const normalised = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
      .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, '<id>')
      .replaceAll(/"[\da-f]{64}"/g, '"<hash>"')
      .replaceAll(/:\d{4,5}\//g, ':<port>/'),
  );

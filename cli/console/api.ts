import { z } from 'zod';
import { providers } from '../../lambdas/providers/index.ts';
import { isTarget } from '../../lambdas/core/target.ts';
import { isSigned, lanesOf } from '../../lib/config/lanes.ts';
import { callsApi } from '../../lib/config/provider-api.ts';
import type { SourceConfig } from '../../lib/config/config.ts';
import { OperatorError } from '../operator-error.ts';
import { findGateway } from '../ops/gateway.ts';
import type { GatewayOptions } from '../ops/gateway.ts';
import type { Operation } from '../ops/operation.ts';
import { OPERATIONS } from '../ops/operations.ts';
import { runOn, runOperation } from '../ops/run.ts';
import type { RunContext } from '../ops/run.ts';
import { catalogue } from '../providers/catalogue.ts';
import type { Entry } from '../providers/catalogue.ts';
import { coverageOf, signsTime } from '../send/signed.ts';
import type { Block } from '../text/blocks.ts';
import { answered, answerTo, refused } from './answer.ts';
import type { Answer } from './answer.ts';
import { rememberedFor } from './remembered.ts';
import { SendInput, sendSample } from './send.ts';

/** The options that a console is started with. */
export interface ConsoleOptions extends GatewayOptions {
  /** True if operations that change something may run too. */
  readonly allowChanges: boolean;
}

/** A source, as the pages need to know it. */
export interface SessionSource {
  readonly name: string;
  readonly provider: string;
  readonly title: string;
  readonly coverage: string;
  readonly fetchesMissed: boolean;
  readonly signsTime: boolean;
}

/** A source or a target, whichever an operation takes. */
export interface SessionLane {
  readonly name: string;
  readonly isTarget: boolean;
  /** True of a target whose requests the gateway signs: it has a secret, as every source has. */
  readonly isSigned: boolean;
}

/** The facts that the pages ask for first. */
export interface Session {
  /** The gateway's name, as an operator calls it. */
  readonly gateway: string;
  readonly isLocal: boolean;
  readonly allowChanges: boolean;
  readonly sources: readonly SessionSource[];
  /** Each source, with its targets behind it. */
  readonly lanes: readonly SessionLane[];
  readonly operations: readonly {
    readonly name: string;
    readonly summary: string;
    readonly effect: 'reads' | 'changes';
    readonly permissions: readonly string[];
    readonly takesSecret: boolean;
    /** JSON Schema. */
    readonly input: unknown;
  }[];
}

/** The result of an operation. */
export interface Outcome<Data = unknown> {
  readonly data: Data;
  readonly text: readonly Block[];
  /** True if the command would end with exit code 1. */
  readonly needsAttention: boolean;
  /** The messages that the operation wrote on its way. */
  readonly notes: readonly string[];
}

export type Providers = readonly Entry[];

/** The parts of its process that the console's API needs. */
export type ApiContext = Omit<RunContext, 'readSecret' | 'printError' | 'via'>;

const Run = z.strictObject({
  input: z.record(z.string(), z.unknown()).default({}),
  secret: z.string().max(100_000).optional(),
});

/** Milliseconds for which a gateway is remembered before it is looked for again. */
const REMEMBERED_MS = { local: 5_000, deployed: 60_000 };

/** The console's API: `path` is what follows `api/`, `body` the JSON of a POST. */
export type Api = (method: string, path: string, body: unknown) => Promise<Answer>;

/** Binds the operations to paths: `POST api/operations/quarantine%20release`. A gateway is looked for when it is first needed. */
export function consoleApi(
  options: ConsoleOptions,
  context: ApiContext,
  operations: readonly Operation[] = OPERATIONS,
): Api {
  const gateway = rememberedFor(options.local ? REMEMBERED_MS.local : REMEMBERED_MS.deployed, context.clock, () =>
    findGateway(options, context.loadConfig(), context.env),
  );

  async function run(operation: Operation, body: unknown): Promise<Answer> {
    if (operation.effect === 'changes' && !options.allowChanges)
      return refused('read-only', 'This console only reads: start it again with --allow-changes.');
    const { input, secret } = Run.parse(body);
    const file = operation.readsFiles?.find((name) => input[name] !== undefined);
    if (file !== undefined) return refused('input', `"${file}" names a file, which the console does not read.`);
    const notes: string[] = [];
    const ran: RunContext = {
      ...context,
      via: 'console',
      readSecret: () =>
        secret === undefined ? Promise.reject(new OperatorError('No secret was given.')) : Promise.resolve(secret),
      printError: (text) => void notes.push(text),
    };
    const isOffline = operation.isOffline?.(input) ?? false;
    const report = isOffline
      ? await runOperation(operation, input, options, ran)
      : await runOn(await gateway(), operation, input, ran);
    const { data, text, ok = true } = report;
    return answered({ data, text, needsAttention: !ok, notes } satisfies Outcome);
  }

  async function route(method: string, path: string, body: unknown): Promise<Answer | undefined> {
    if (method === 'GET' && path === 'session') return answered(sessionOf(options, context, operations));
    if (method === 'GET' && path === 'providers') return answered(catalogue(providers.values()));
    if (method !== 'POST') return undefined;
    if (path === 'send' && options.local)
      return answered(await sendSample(SendInput.parse(body), context.loadConfig().sources, context.env));
    const operation = operations.find(({ name }) => path === `operations/${name}`);
    return operation && run(operation, body);
  }

  return async (method, path, body) => {
    try {
      return (
        (await route(method, path, body)) ?? { ...refused('input', 'There is nothing of that name.'), status: 404 }
      );
    } catch (error) {
      return answerTo(error);
    }
  };
}

function sessionOf(
  options: ConsoleOptions,
  { loadConfig, env }: ApiContext,
  operations: readonly Operation[],
): Session {
  const config = loadConfig();
  const { local = false, stage = config.stage, region } = options;
  return {
    gateway: local
      ? `port ${env.PORT ?? ''}`
      : [config.name, stage, region ?? env.AWS_REGION].filter(Boolean).join(', '),
    isLocal: local,
    allowChanges: options.allowChanges,
    sources: config.sources.map(describe),
    lanes: lanesOf(config.sources).map(({ name }) => ({
      ...{ name, isTarget: isTarget(name), isSigned: isSigned(name, config.sources) },
    })),
    operations: operations.map(({ name, summary, effect, permissions, takesSecret = false, input }) => ({
      ...{ name, summary, effect, permissions, takesSecret },
      input: z.toJSONSchema(input, { io: 'input' }),
    })),
  };
}

const describe = (source: SourceConfig): SessionSource => ({
  name: source.name,
  provider: source.provider.name,
  title: source.provider.title,
  coverage: coverageOf(source),
  fetchesMissed: source.provider.missedEvents !== undefined && callsApi(source),
  signsTime: signsTime(source),
});

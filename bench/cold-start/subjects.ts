import { join } from 'node:path';
import { ENV } from '../../lambdas/contract.ts';
import { bareCode, bundled, CLIENTS, deployed, forProvider, LEAN, made } from './bundles.ts';
import type { Bundle } from './bundles.ts';

export const EMPTY = 'an empty function';
export const EXPRESS = 'the Express receiver';
export const bareOf = (name: string): string => `bare SDK clients, ${name}`;

export const FUNCTIONS = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

/** The steps from the bare clients to the verifier, and what else could be done to it. */
export const STEPS = {
  unmade: 'bare SDK clients, loaded and not made',
  lean: 'bare SDK clients, credentials from the environment alone',
  middy: '… and middy',
  powertools: '… and Powertools',
  verifier: 'verifier',
  wholeChain: "verifier, with the SDK's own search for credentials",
  noNames: 'verifier, names shortened',
  cached: 'verifier, with a valid compile cache',
} as const;

const MIDDY = `import middy from '@middy/core'; export const wrapped = middy();`;
const POWERTOOLS = `
  import { Logger } from '@aws-lambda-powertools/logger';
  import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
  import { Metrics } from '@aws-lambda-powertools/metrics';
  import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
  wrapped.use(injectLambdaContext(new Logger())).use(logMetrics(new Metrics()));`;

/** Of a source whose deliveries carry one event each: a processor of others opens their queues as soon as it is loaded. */
const WITHOUT_QUEUES = { [ENV.quarantineUrl]: '', [ENV.targets]: '', [ENV.target]: '' };

/** Everything whose load is timed, bundled below `directory`. */
export function subjects(directory: string): Bundle[] {
  const entry = `export { handler } from './lambdas/verifier/handler.ts';`;
  const bare = bareCode(CLIENTS.verifier);
  const receiver = `import { receiver } from './bench/express/receiver.ts'; export const app = receiver('secret');`;
  return [
    made(EMPTY, directory, 'export const handler = async () => ({ statusCode: 200 });'),
    ...FUNCTIONS.flatMap((name) => [
      made(bareOf(name), directory, bareCode(CLIENTS[name])),
      { ...bundled(name, deployed(name)), ...(name === 'processor' && { environment: WITHOUT_QUEUES }) },
    ]),
    made(STEPS.unmade, directory, bareCode(CLIENTS.verifier, false)),
    made(STEPS.lean, directory, bare, LEAN),
    made(STEPS.middy, directory, bare + MIDDY, LEAN),
    made(STEPS.powertools, directory, bare + MIDDY + POWERTOOLS, LEAN),
    made(STEPS.wholeChain, directory, entry, forProvider()),
    made(STEPS.noNames, directory, entry, forProvider({ ...LEAN, keepNames: false })),
    {
      ...bundled(STEPS.cached, deployed('verifier')),
      environment: { NODE_COMPILE_CACHE: join(directory, 'compile-cache') },
    },
    made(EXPRESS, directory, receiver),
  ];
}

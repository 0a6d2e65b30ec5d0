/**
 * The gateway of a run, in a process of its own that can be killed. It tells its parent where it is and which calls met a
 * fault, crashes functions when it is told to, and ends with its parent.
 */
import process from 'node:process';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import { startGateway } from '../../local/gateway.ts';
import { keysOfBatch } from '../../local/event-keys.ts';
import type { FromGateway, ToGateway } from './gateway-process.ts';
import { soakConfig } from './settings.ts';

const say = (message: FromGateway): void => void process.send?.(message, () => undefined);

/** The reason, or the name of the error, in a line of a function's log. */
const reasonOf = (line: string): string => /"(?:reason|errorName)":"([^"]*)"/.exec(line)?.[1] ?? 'unknown';

const fakes = await startFakeProviders();
const gateway = await startGateway({
  port: Number(process.env.PORT ?? 0),
  config: soakConfig(fakes.url),
  dataDirectory: process.env.HOOKGATE_DATA_DIR,
  onCall: (call) => call.fault !== undefined && say({ kind: 'met', call }),
  onUnanswered: (payload, errorType) => say({ kind: 'unanswered', errorType, keys: keysOfBatch(payload) }),
  log: (line) => line.includes('"level":"ERROR"') && say({ kind: 'error', reason: reasonOf(line) }),
});

const stop = async (): Promise<void> => {
  await gateway.stop();
  await fakes.stop();
  process.exit(0);
};

process.on('disconnect', () => void stop());
process.on('message', (message: ToGateway) => {
  if (message.kind === 'stop') return void stop();
  const report = (payloads: readonly string[]): void =>
    say({ kind: 'crashed', name: message.name, keys: payloads.flatMap(keysOfBatch) });
  gateway.crash(message.name).then(report, () => report([]));
});
say({ kind: 'ready', url: gateway.url, aws: gateway.aws, fakeProviders: fakes.url });

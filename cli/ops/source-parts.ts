import { laneNamed, sourceNamed } from '../sources.ts';
import type { Ops } from './ops.ts';

/** The URLs of a source's queues. */
export interface SourceQueues {
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
}

/** Finds the queues of a source, or of a target. Throws an OperatorError if the configuration or the gateway has no such source. */
export async function queuesOf(name: string, { config, gateway }: Ops): Promise<SourceQueues> {
  const source = laneNamed(name, config.sources).name;
  const [queueUrl, deadLettersUrl] = await Promise.all([
    gateway.resourceOf(source, 'Queue'),
    gateway.resourceOf(source, 'DeadLetters'),
  ]);
  return { queueUrl, deadLettersUrl };
}

/** The URL of a source's quarantine. Throws an OperatorError for a target, which has none. */
export const quarantineOf = async (name: string, { config, gateway }: Ops): Promise<string> =>
  gateway.resourceOf(sourceNamed(name, config.sources).name, 'Quarantine');

export const ledgerTable = ({ gateway }: Pick<Ops, 'gateway'>): string => gateway.output('LedgerTable');

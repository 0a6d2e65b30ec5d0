import { sourceNamed } from '../sources.ts';
import type { Ops } from './ops.ts';

/** The URLs of a source's queues. */
export interface SourceQueues {
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
  readonly quarantineUrl: string;
}

/** Finds a source's queues. Throws an OperatorError if the configuration or the gateway has no such source. */
export async function queuesOf(name: string, { config, gateway }: Ops): Promise<SourceQueues> {
  const source = sourceNamed(name, config.sources).name;
  const [queueUrl, deadLettersUrl, quarantineUrl] = await Promise.all([
    gateway.resourceOf(source, 'Queue'),
    gateway.resourceOf(source, 'DeadLetters'),
    gateway.resourceOf(source, 'Quarantine'),
  ]);
  return { queueUrl, deadLettersUrl, quarantineUrl };
}

export const ledgerTable = ({ gateway }: Pick<Ops, 'gateway'>): string => gateway.output('LedgerTable');

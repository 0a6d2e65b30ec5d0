import { pascalCase } from '../../lib/config/stack-names.ts';
import { sourceNamed } from '../sources.ts';
import type { Ops } from './command.ts';

/** The URLs of a source's queues. */
export interface SourceQueues {
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
}

/** Finds a source's queues. Throws an OperatorError where the configuration or the gateway has no such source. */
export async function queuesOf(name: string, { config, target }: Ops): Promise<SourceQueues> {
  const prefix = pascalCase(sourceNamed(name, config.sources).name);
  const [queueUrl, deadLettersUrl] = await Promise.all([
    target.resource(`${prefix}Queue`),
    target.resource(`${prefix}DeadLetters`),
  ]);
  return { queueUrl, deadLettersUrl };
}

export const quarantineUrl = ({ target }: Pick<Ops, 'target'>): string => target.output('QuarantineAddress');
export const ledgerTable = ({ target }: Pick<Ops, 'target'>): string => target.output('LedgerTable');

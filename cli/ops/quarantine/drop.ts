import { SQSClient } from '@aws-sdk/client-sqs';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../command.ts';
import { peek, sweep } from '../messages.ts';
import type { Report } from '../output.ts';
import { quarantineUrl, queuesOf } from '../source-parts.ts';
import { decide } from './decide.ts';
import { selection } from './select.ts';
import type { SelectOptions } from './select.ts';

/**
 * Gives events up that wait in quarantine. The ledger keeps the item, with who did it: a further delivery of the event is a
 * duplicate. The body is gone for good, so it asks first.
 */
export async function dropEvents(
  ops: Ops,
  source: string,
  key: string | undefined,
  options: SelectOptions,
): Promise<Report> {
  await queuesOf(source, ops);
  const meant = selection(source, key, options);
  const [sqs, url] = [ops.target.client(SQSClient), quarantineUrl(ops)];
  const waiting = await peek(sqs, url, options.limit, (message) => Promise.resolve(meant(message)?.key));
  const found = [...new Set(waiting.filter((each) => each !== undefined))];
  if (found.length === 0)
    return {
      text: 'Nothing that is meant waits in quarantine.',
      data: { source, dropped: [], refused: [] },
      ok: false,
    };
  await confirm(ops, `Drop ${found.length} events of ${source} for good?`, options);

  const outcomes = await sweep(sqs, url, options.limit, async (message) => {
    const event = meant(message);
    // What came after the question was not asked about.
    if (!event || !found.includes(event.key)) return { seen: undefined, isDone: false };
    const isDropped = (await decide(ops, event, 'drop')) === 'decided';
    return { seen: { key: event.key, isDropped }, isDone: isDropped };
  });
  const decided = outcomes.filter((outcome) => outcome !== undefined);
  const [dropped, refused] = [true, false].map((isDropped) => [
    ...new Set(decided.filter((outcome) => outcome.isDropped === isDropped).map((outcome) => outcome.key)),
  ]);
  return {
    text: [
      `${dropped?.length ?? 0} events of ${source} are dropped; the ledger keeps who did it, and when.`,
      ...(refused ?? []).map((each) => `${each} was released before: release it again to finish that.`),
    ].join('\n'),
    data: { source, dropped, refused },
    ok: refused?.length === 0,
  };
}

async function confirm({ ask }: Ops, question: string, { yes = false }: SelectOptions): Promise<void> {
  if (yes) return;
  if (!ask) throw new OperatorError(`${question} Nobody is here to ask: add --yes.`);
  if (!/^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())) throw new OperatorError('Nothing was dropped.');
}

import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { LOG } from '../../../lambdas/contract.ts';
import type { Ops } from '../ops.ts';
import { refusalOfLine } from './line.ts';
import type { Refused } from './line.ts';

/** Which refusals are read. */
export interface RefusedRange {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** The most of each source: the newest ones are not necessarily among them. */
  readonly most: number;
}

/** Refusals, and whether they are all of the range. */
export interface RefusedRead {
  readonly refused: readonly Refused[];
  readonly complete: boolean;
}

/** The refusals of a source from its verifier's log. */
export const readRefused = (ops: Ops, source: string, range: RefusedRange): Promise<RefusedRead> =>
  ops.gateway.isLocal ? fromView(ops, source, range) : fromLogs(ops, source, range);

const View = z.array(z.object({ source: z.string(), reason: z.string(), at: z.string() }));

/** The local gateway keeps them in memory. */
async function fromView({ gateway }: Ops, source: string, { from, to, most }: RefusedRange): Promise<RefusedRead> {
  const all = (await gateway.view?.('/_local/refusals', View)) ?? [];
  const [start, end] = [from.toISOString(), to.toISOString()];
  const refused = all.filter((each) => each.source === source && each.at >= start && each.at < end);
  return { refused: refused.slice(-most), complete: refused.length <= most };
}

async function fromLogs({ gateway }: Ops, source: string, { from, to, most }: RefusedRange): Promise<RefusedRead> {
  const client = gateway.client(CloudWatchLogsClient);
  const logGroupName = await gateway.resourceOf(source, 'VerifierLogs');
  const query = {
    startTime: from.getTime(),
    endTime: to.getTime(),
    filterPattern: `{ $.message = "${LOG.rejected}" }`,
  };
  const refused: Refused[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({ logGroupName, ...query, ...(nextToken !== undefined && { nextToken }) }),
    );
    refused.push(...(page.events ?? []).flatMap(({ message = '' }) => refusalOfLine(message) ?? []));
    ({ nextToken } = page);
  } while (nextToken !== undefined && refused.length < most);
  return { refused: refused.slice(0, most), complete: nextToken === undefined && refused.length <= most };
}

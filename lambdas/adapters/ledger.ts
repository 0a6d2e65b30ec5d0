import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventIdentity } from '../core/event.ts';
import type { ClaimOutcome, Clock, LeaseOutcome, Ledger, Status } from '../core/ports.ts';
import { dynamoAliases } from './aliases.ts';
import { bindBody, boundKey } from './bound-bodies.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { claimOutcome, keyOf } from './ledger-item.ts';
import {
  claimWrite,
  failureWrite,
  forgetTriesWrite,
  leaseWrite,
  markWrite,
  processedWrite,
  replaceExpired,
} from './ledger-writes.ts';
import type { Write } from './ledger-writes.ts';
import { unlessRefused } from './unless-refused.ts';
import { traced } from './trace.ts';

export interface LedgerSettings {
  readonly table: string;
  /** Seconds for which an event is remembered. */
  readonly windowSeconds: number;
  readonly clock: Clock;
  readonly client?: DynamoDBClient;
}

/** How often a claim is tried if others replace the same expired item at the same moment. */
const CLAIM_TRIES = 3;

/** Characters of the longest reason that is kept: a reason can be the name of a customer's own error. */
const MAX_REASON_LENGTH = 100;

/** The ledger on a DynamoDB table: one item per event, and every step is one conditional write. */
export function dynamoLedger({ table, windowSeconds, clock, client }: LedgerSettings): Ledger {
  const dynamo = client ?? traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');

  const update = (id: EventIdentity, write: Write) =>
    unlessRefused(dynamo.send(new UpdateItemCommand({ TableName: table, Key: keyOf(id), ...write })));

  const mark = async (id: EventIdentity, to: Status): Promise<void> => {
    await update(id, markWrite(to));
  };

  return {
    ...dynamoAliases(table, dynamo),

    async claim(event, { prolongs } = { prolongs: false }): Promise<ClaimOutcome> {
      const now = Math.floor(clock() / 1000);
      for (let tries = 0; tries < CLAIM_TRIES; tries++) {
        const seen = await update(event, claimWrite(event, now, windowSeconds, prolongs));
        if (seen) return claimOutcome(seen.Attributes);
        const put = new PutItemCommand(replaceExpired(table, event, now, windowSeconds));
        if (await unlessRefused(dynamo.send(put))) return { known: false };
      }
      throw new Error('the claim was refused again and again');
    },

    bindBody: (event) => bindBody({ table, dynamo, windowSeconds, now: Math.floor(clock() / 1000) }, event),
    boundKey: (event) => boundKey({ table, dynamo, now: Math.floor(clock() / 1000) }, event),

    markQueued: (id) => mark(id, 'QUEUED'),
    markQuarantined: (id) => mark(id, 'QUARANTINED'),

    async lease(event, lease): Promise<LeaseOutcome> {
      if (await update(event, leaseWrite(event, lease, clock(), windowSeconds))) return 'taken';
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: keyOf(event), ConsistentRead: true }),
      );
      const isDone = event.replay ? item?.replayIds?.SS?.includes(event.replay.id) : item?.status?.S === 'PROCESSED';
      if (isDone) return 'processed';
      return item?.status?.S === 'QUARANTINED' ? 'quarantined' : 'busy';
    },

    async markProcessed(id, done): Promise<void> {
      await update(id, processedWrite(done, new Date(clock()).toISOString()));
    },

    async noteFailure(id, owner, reason, isSpent = true, receives = 1): Promise<number | undefined> {
      const text = reason.slice(0, MAX_REASON_LENGTH);
      const noted = await update(id, failureWrite(owner, text, new Date(clock()).toISOString(), isSpent, receives));
      return noted && Number(noted.Attributes?.tries?.N ?? 0);
    },

    async forgetTries(id): Promise<void> {
      await update(id, forgetTriesWrite(new Date(clock()).toISOString()));
    },
  };
}

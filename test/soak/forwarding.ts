import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { isRight } from './account.ts';
import type { Excuse } from './account.ts';
import type { PlannedEvent } from './events.ts';
import type { Addresses } from './gateway-process.ts';
import { ledgerEntries } from './inspection.ts';
import type { Receiver } from './receiver.ts';
import { targetTable } from './report.ts';
import { FORWARDING, TARGET_QUEUE } from './settings.ts';
import { accountAt, alteredAt, doomedAt, idAt, QUEUE_TARGET, TARGETS, URL_TARGET } from './targets.ts';
import type { AtTargets } from './targets.ts';

/** The queue behind the target of that kind, as its owner takes from it. */
class ForwardedQueue {
  /** When each event was sent there, by its id at the target; in milliseconds since the epoch. */
  readonly taken = new Map<string, number[]>();

  /** Takes all that is in it. */
  async empty({ aws }: Addresses): Promise<void> {
    const client = new SQSClient({ ...aws, useQueueUrlAsEndpoint: false });
    const QueueUrl = `https://sqs.us-east-1.amazonaws.com/000000000000/${TARGET_QUEUE}`;
    for (;;) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      if (messages.length === 0) break;
      for (const { Body: text = '', Attributes: { SentTimestamp: at } = {} } of messages) {
        const { metadata } = JSON.parse(text) as { readonly metadata: { readonly key: string } };
        const id = `${QUEUE_TARGET}#${metadata.key}`;
        this.taken.set(id, [...(this.taken.get(id) ?? []), Number(at)]);
      }
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
    client.destroy();
  }
}

/** The source with targets over the loads of a run: what its targets are to have, and what they took. */
export class Forwarding {
  readonly #receiver: Receiver;
  readonly #queue = new ForwardedQueue();
  readonly #doomed = new Map<string, Set<string>>(TARGETS.map((target) => [target, new Set()]));

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  /** Takes note of a load that has been sent. */
  sent({ events, acknowledged }: Pick<AtTargets, 'events' | 'acknowledged'>): void {
    for (const [target, ids] of this.#doomed) for (const id of doomedAt(target, events, acknowledged)) ids.add(id);
  }

  doomedAt = (target: string): ReadonlySet<string> => this.#doomed.get(target) ?? new Set();

  /** Makes and prints the accounts of a load at each target, once nothing waits. Resolves to true if all of them are right. */
  async isRight(
    addresses: Addresses,
    run: Pick<AtTargets, 'events' | 'acknowledged' | 'dead'>,
    excuse?: Excuse,
  ): Promise<boolean> {
    const known = { ...run, ...(await this.#look(addresses, run.events)) };
    const accounts = TARGETS.map((target) => [target, accountAt(target, known, excuse)] as const);
    for (const [target, account] of accounts) console.log(targetTable(target, account));
    const { unsigned, redirected, failed } = this.#receiver;
    const altered = alteredAt(this.#receiver, run.events);
    console.log(
      `receiver: ${failed} tries failed in a downtime, ${unsigned} without its signature, ${redirected} by a redirect, ${altered.length} with other bytes or ids`,
    );
    return unsigned + redirected + altered.length === 0 && accounts.every(([, account]) => isRight(account));
  }

  async #look(addresses: Addresses, events: readonly PlannedEvent[]): Promise<Pick<AtTargets, 'taken' | 'ledger'>> {
    await this.#queue.empty(addresses);
    const times = [...this.#receiver.taken].map(
      ([key, taken]) => [`${URL_TARGET}#${key}`, taken.map(({ at }) => at)] as const,
    );
    const own = events.filter(({ source }) => source.name === FORWARDING);
    const ids = own.flatMap((event) => TARGETS.map((target) => idAt(target, event)));
    return { taken: new Map([...times, ...this.#queue.taken]), ledger: await ledgerEntries(addresses, ids) };
  }
}

import { NO_CREDENTIALS } from '../http/no-credentials.ts';
import type { MalformedReason } from '../missed-event.ts';
import type { SubscriptionReport } from '../numbered-events.ts';
import { daysLeft, needsAPerson } from './upkeep/report.ts';
import type { RegistrationReport } from './upkeep/report.ts';

/** The outcome of one entry of a provider's list. */
export type EntryOutcome = 'accepted' | 'known' | 'quarantined' | 'failed' | 'earlier' | 'asked';

/**
 * The outcome of a poll. `busy`: another poll was under way, and this one did nothing. `asked`: the provider is to deliver it
 * again.
 */
export interface PollReport extends Readonly<Record<Exclude<EntryOutcome, 'earlier'>, number>> {
  readonly outcome: 'succeeded' | 'failed' | 'busy';
  readonly pages: number;
  readonly listed: number;
  readonly acknowledged: number;
  /** Entries that wait for the next poll; at least 1 if a further page waits. */
  readonly left: number;
  readonly malformed: Readonly<Partial<Record<MalformedReason, number>>>;
  /** Seconds since the oldest event happened that this poll fetched or failed to fetch; 0 if there was none. */
  readonly oldestSeconds: number;
  readonly reopened: boolean;
  /** The faults of the poll: each is a step and a reason, which are words of this code or the name of an error. */
  readonly faults: readonly string[];
  /** How each Subscription stands; only of a provider that numbers its events. */
  readonly subscriptions?: readonly SubscriptionReport[];
  /** Subscriptions that their provider says fail, or are off, and registrations that wait for a person. */
  readonly failing?: number;
  /** How each registration of the source's URL stands; only of a provider with which the poller keeps them alive. */
  readonly registrations?: readonly RegistrationReport[];
  /** Days until the first of the registrations ends; only if one ends by itself. */
  readonly registrationDaysLeft?: number;
}

/** Counts what a poll does. */
export class PollTally {
  readonly counts: Record<EntryOutcome, number> = {
    ...{ accepted: 0, known: 0, quarantined: 0, failed: 0, earlier: 0, asked: 0 },
  };
  readonly malformed: Partial<Record<MalformedReason, number>> = {};
  readonly faults: string[] = [];
  pages = 0;
  listed = 0;
  acknowledged = 0;
  left = 0;
  reopened = false;
  failing = 0;
  readonly subscriptions: SubscriptionReport[] = [];
  registrations: readonly RegistrationReport[] | undefined;
  #oldest: number | undefined;

  entry(outcome: EntryOutcome, time: string | undefined): void {
    this.counts[outcome]++;
    if (outcome === 'known' || outcome === 'earlier' || time === undefined) return;
    this.#oldest = Math.min(this.#oldest ?? Infinity, Date.parse(time));
  }

  countMalformed(reason: MalformedReason): void {
    this.malformed[reason] = (this.malformed[reason] ?? 0) + 1;
  }

  fault(step: string, reason: string): void {
    const fault = `${step}_${reason}`;
    if (!this.faults.includes(fault)) this.faults.push(fault);
  }

  /** Entries that cost a look at the ledger at least. */
  get handled(): number {
    return this.counts.accepted + this.counts.known + this.counts.quarantined + this.counts.failed;
  }

  /** Whether anything came to light that the provider had not delivered. */
  get foundMissed(): boolean {
    return this.counts.accepted + this.counts.quarantined + this.acknowledged > 0;
  }

  report(now: number): PollReport {
    const { accepted, known, quarantined, failed, asked } = this.counts;
    const { pages, listed, acknowledged, left, malformed, reopened, faults } = this;
    return {
      outcome: failed === 0 && faults.length === 0 ? 'succeeded' : 'failed',
      ...{
        pages,
        listed,
        accepted,
        known,
        quarantined,
        failed,
        asked,
        acknowledged,
        left,
        malformed,
        reopened,
        faults,
      },
      ...(this.subscriptions.length > 0 && { subscriptions: this.subscriptions, failing: this.failing }),
      ...(this.registrations && this.#kept(this.registrations, now)),
      oldestSeconds: this.#oldest === undefined ? 0 : Math.max(0, Math.round((now - this.#oldest) / 1000)),
    };
  }

  #kept(registrations: readonly RegistrationReport[], now: number) {
    const left = daysLeft(registrations, now);
    return {
      registrations,
      failing: this.failing + registrations.filter(needsAPerson).length,
      ...(left !== undefined && { registrationDaysLeft: Math.round(left * 100) / 100 }),
    };
  }
}

/** Whether a poll did not succeed for the one reason that nobody has stored the credentials of the provider's API yet. */
export const waitsForCredentials = ({ failed, faults }: PollReport): boolean =>
  failed === 0 && faults.length > 0 && faults.every((fault) => fault.endsWith(`_${NO_CREDENTIALS}`));

/** The report of a poll that found another one under way. */
export const busyReport = (): PollReport => ({ ...new PollTally().report(0), outcome: 'busy' });

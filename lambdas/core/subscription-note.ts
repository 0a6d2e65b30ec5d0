/** A notification's statements about its Subscription, whether or not it carries events. Nothing of an event is in it. */
export interface SubscriptionNote {
  /** The id at the provider. */
  readonly subscription: string;
  /** The kind of the notification; `other` for a kind that the provider does not document. */
  readonly type: string;
  /** The Subscription's status, in a word. */
  readonly status?: string | undefined;
  /** Events since the Subscription was made, as digits. */
  readonly count?: string | undefined;
  /** The events that this notification carries. */
  readonly events: number;
  /** True if the provider says that something is wrong with the Subscription, or has turned it off. */
  readonly isFailing: boolean;
}

/** The latest note of a Subscription. */
export interface HeardSubscription extends Omit<SubscriptionNote, 'events'> {
  /** When it was heard, ISO 8601. */
  readonly at: string;
  /** The count before the first notification that was heard, as digits: every later event must have come. */
  readonly from?: string | undefined;
}

/** The count before the events of a notification, as digits; undefined if it does not state one. */
export function countBefore({ count, events }: SubscriptionNote): string | undefined {
  if (count === undefined) return undefined;
  const before = BigInt(count) - BigInt(events);
  return String(before > 0n ? before : 0n);
}

/** Where notes are kept: the latest per Subscription. */
export interface SubscriptionNotes {
  /** Keeps a note. Best effort: whoever calls it goes on if it rejects. */
  heard(note: SubscriptionNote, at: Date): Promise<void>;
}

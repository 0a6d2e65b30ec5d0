import type { Form, FormPart } from './content.ts';
import type { QuarantineReason } from './envelope.ts';
import type { EventKey } from './event-key.ts';
import type { JsonObject } from './json.ts';
import type { Slice } from './json-slices.ts';
import type { Coverage } from './schemes/scheme.ts';
import type { SecretLabel } from './verdict.ts';

/** The type of an event that states none. */
export const UNKNOWN_TYPE = 'unknown';

/** How an event came to the gateway. */
export type Via = 'webhook' | 'poll';

/** The proof that an event is authentic. It is kept with the event, and holds no secret. */
export interface Evidence {
  /** The signature headers as received, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secretLabel?: SecretLabel;
  readonly secretVersionId?: string;
}

/** The argument of a customer's handler: one authentic event, accepted once. */
export interface WebhookEvent extends EventKey {
  readonly source: string;
  readonly provider: string;
  /**
   * The identity of the event within its source, together with `keyKind`: a provider's own id, unchanged. Use it as the
   * idempotency key of every effect, because a handler can run again after a crash.
   */
  readonly key: string;
  readonly type: string;
  /** The event's own time, ISO 8601, if the provider sends one. */
  readonly time?: string;
  /** When the gateway received it, ISO 8601. */
  readonly receivedAt: string;
  readonly via: Via;
  /** The coverage of the provider's signature: the body, some of its fields, or only who called. Absent for a polled event. */
  readonly coverage?: Coverage;
  /** The event's place in the delivery that carried it, as a JSON pointer, if a delivery can carry several. */
  readonly pointer?: string;
  /**
   * The newer event of the same order key that was handled before this one, by the provider's own times. Only from a source with
   * `order`; absent if there is none, or the provider sends no time.
   */
  readonly supersededBy?: Superseding;
  readonly contentType: string;
  /** The exact bytes received: of a delivery that carried several events, this event's own. */
  readonly body: Buffer;
  /** The parsed body, if it is a JSON object. */
  readonly json?: JsonObject;
  /** The parsed body, if it is JSON of any shape: an array, a text, a number. */
  readonly value?: unknown;
  /** The fields of a body that is a form, by name: several values if a name came several times. */
  readonly form?: Form;
  /** The parts of a body that is `multipart/form-data`, files among them. */
  readonly parts?: readonly FormPart[];
  /** The values of a body that is one JSON text per line. */
  readonly lines?: readonly unknown[];
}

/** An event that makes an older one out of date. */
export interface Superseding extends EventKey {
  /** Its own time, ISO 8601. */
  readonly time: string;
}

/** The views of a body that a handler gets. Each is made when it is first read, and undefined if the body is not of that kind. */
export type BodyViews = Pick<WebhookEvent, 'json' | 'value' | 'form' | 'parts' | 'lines'>;

/**
 * Handles one event. It throws, or its promise rejects, if the event must be tried again: by the source's `retry`, and then the
 * event waits in the source's dead-letter queue. A PermanentError sends it there at once.
 */
export type EventHandler = (event: WebhookEvent) => Promise<void>;

/** An authentic event on its way through the gateway. */
export interface Event extends Omit<WebhookEvent, keyof BodyViews | 'supersededBy'> {
  /** Lower-case hex SHA-256 of the body. */
  readonly bodyHash: string;
  /** The facts that tell the event from another under the same key, if its bytes do not: see fingerprint.ts. */
  readonly fingerprint?: string;
  readonly evidence: Evidence;
  /** The id of what the event reports, encoded, if the provider lists that and not the event: see reconcile.ts. */
  readonly reconcileKey?: string;
  /** Set while the event waits for a person's decision. */
  readonly quarantine?: QuarantineReason;
  /** Set if an operator has ordered that the event be processed again; queues and the archive know it by this name. */
  readonly replay?: ReprocessOrder;
  /** True if the id comes in a header that is not signed: the body decides whether there is a new event, whatever the header says. */
  readonly unsignedId?: boolean;
  /** The hash of the part of the delivery's proof that its sender uses once: another event under it is a conflict. */
  readonly proof?: string;
  /** Set if this stands for a whole delivery of several events, which are told apart behind the queue. */
  readonly parts?: readonly EventPart[];
}

/** One event of a delivery that carries several: what tells it from the others, and where its text is in the body. */
export interface EventPart
  extends
    EventKey,
    Pick<
      Event,
      'type' | 'time' | 'bodyHash' | 'fingerprint' | 'reconcileKey' | 'quarantine' | 'pointer' | 'unsignedId'
    > {
  readonly at: Slice;
}

/** An operator's order to process an event again although it has been processed. */
export interface ReprocessOrder {
  /** Names the order. One order is carried out once, however often its message is handed out. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** Who gave it. */
  readonly by: string;
}

/** The name of an event: its source and its key. */
export type EventIdentity = Pick<Event, 'source' | 'key' | 'keyKind'>;

/** An event without its body. */
export type EventHead = Omit<Event, 'body'>;

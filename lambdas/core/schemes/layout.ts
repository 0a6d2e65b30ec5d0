import { hash } from 'node:crypto';
import type { Delivery } from '../delivery.ts';
import type { ReadContext } from '../envelope.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { RejectionReason } from '../verdict.ts';
import { plain } from './forms.ts';
import type { Form } from './forms.ts';
import { readHeader } from './headers.ts';
import { decodeMacs } from './mac.ts';
import type { Encoding } from './mac.ts';
import { aroundBody, cutChecks, headersBesideBody, registeredUrl, touchesTime } from './parts.ts';
import type { AroundBody, Part, PartValues } from './parts.ts';
import type { SchemeHeader, SignInput } from './scheme.ts';
import { areWithin, TIME_UNITS } from './time.ts';
import type { TimeUnit } from './time.ts';

/** A signed timestamp. */
export interface Timestamp {
  /** The header that carries it; absent if it is one of the pairs of the signature's header. */
  readonly header?: string;
  readonly unit: TimeUnit;
  /** Seconds by which it may be off, either way; absent if the provider allows any, so that it guards against no replay. */
  readonly toleranceSeconds?: number;
}

/**
 * The bytes that are signed and how the signature is written, whoever signs: the part of a description that a MAC and a public
 * key share.
 */
export interface LayoutSpec {
  readonly signature: {
    readonly header: string;
    /** Several if the provider writes now one and now another; the first is the one to sign with. */
    readonly encoding: Encoding | readonly [Encoding, ...Encoding[]];
    /** Default: one signature and nothing else. */
    readonly form?: Form;
  };
  readonly timestamp?: Timestamp;
  /** The header of the event's id, if it is signed. */
  readonly id?: { readonly header: string };
  readonly signed: readonly Part[];
}

/** One signature, or several of the same bytes: decoded, with what stands before and after the body. */
export interface Presented {
  readonly signatures: readonly Buffer[];
  readonly before: string;
  readonly after: string;
}

export interface Layout {
  readonly headers: readonly SchemeHeader[];
  readonly replayWindowSeconds?: number;
  readonly signsUrl?: boolean;
  readonly read: (delivery: Delivery, context: ReadContext) => Result<readonly Presented[], RejectionReason>;
  /** The headers of signatures that `sign` makes, one per secret. */
  readonly write: (
    input: SignInput,
    sign: (secret: string, before: string, after: string) => Buffer,
  ) => Record<string, string>;
}

const PLAIN = plain();
const BARE: AroundBody = { before: '', after: '' };

type Decode = (text: string, encoding: Encoding) => Buffer | undefined;

/** Reads and writes what a description says; `decode` knows how long a signature is. */
export function layoutOf({ signature, timestamp, id, signed }: LayoutSpec, decode: Decode): Layout {
  const { header: name, form = PLAIN } = signature;
  const encodings = [signature.encoding].flat();
  const [encoding] = encodings;
  if (encoding === undefined) throw new Error('a signature has an encoding');
  const decodeText = encodings.length === 1 ? (text: string) => decode(text, encoding) : firstOf(encodings, decode);
  const around = aroundBody(signed);
  const unit = timestamp && TIME_UNITS[timestamp.unit];
  const { toleranceSeconds } = timestamp ?? {};
  const signsUrl = signed.includes('url');
  const isBody = signed.length === 1;
  const checks = cutChecks(signed, timestamp?.unit === 'iso');
  const needed = headersBesideBody(signed);
  const digits = touchesTime(signed) ? unit?.digits : undefined;

  const readTime = (text: string, now: Date): RejectionReason | undefined => {
    const time = digits === undefined || text.length === digits ? unit?.parse(text) : undefined;
    if (!time) return 'malformed_timestamp';
    const isLate = toleranceSeconds !== undefined && !areWithin(time, now, toleranceSeconds);
    return isLate ? 'timestamp_out_of_window' : undefined;
  };

  return {
    headers: headersOf({ signature, signed, ...(timestamp && { timestamp }), ...(id && { id }) }),
    ...(toleranceSeconds !== undefined && { replayWindowSeconds: toleranceSeconds }),
    ...(signsUrl && { signsUrl }),

    read(delivery, { now, options }) {
      const { headers } = delivery;
      const groups = form.read(headers, name);
      if (!groups.ok) return groups;
      const sentAt = timestamp?.header === undefined ? undefined : readHeader(headers, timestamp.header, 'timestamp');
      if (sentAt && !sentAt.ok) return sentAt;
      // A signed id that is missing leaves nothing that the signature could be checked with.
      const sentId = id && readHeader(headers, id.header, 'signature');
      if (sentId && !sentId.ok) return sentId;

      for (const part of needed) {
        const value = readHeader(headers, part, 'signature');
        if (!value.ok) return value;
      }

      const url = signsUrl ? registeredUrl(delivery, options) : '';
      const presented: Presented[] = [];
      let fault: RejectionReason | undefined;
      for (const group of groups.value) {
        const macs = decodeMacs(group.signatures, decodeText, form.maxSignatures);
        const time = sentAt?.value ?? group.timestamp ?? '';
        const reason = macs.ok ? unit && readTime(time, now) : macs.reason;
        if (!macs.ok || reason) fault ??= reason;
        else {
          const values = isBody ? undefined : valuesOf(delivery, time, sentId?.value ?? '', url);
          if (values && checks.some((isCutSo) => !isCutSo(values, delivery.body))) return refuse('signature_mismatch');
          const { before, after } = values ? around(values) : BARE;
          presented.push({ signatures: macs.value, before, after });
        }
      }
      return presented.length > 0 ? ok(presented) : refuse(fault ?? 'malformed_signature');
    },

    write(input, sign) {
      const time = unit?.write(input.now) ?? '';
      const eventId = id && (input.headers?.[id.header] ?? `msg_${hash('sha256', input.body).slice(0, 24)}`);
      const { before, after } = around({
        ...{ timestamp: time, id: eventId ?? '', method: input.method ?? 'POST', url: input.url },
        header: (header) => input.headers?.[header] ?? '',
      });
      const texts = input.secrets.map((secret) => sign(secret, before, after).toString(encoding));
      return {
        ...form.write(name, texts, time),
        ...(timestamp?.header !== undefined && { [timestamp.header]: time }),
        ...(id && eventId !== undefined && { [id.header]: eventId }),
      };
    },
  };
}

const valuesOf = (delivery: Delivery, timestamp: string, id: string, url: string): PartValues => ({
  timestamp,
  id,
  method: delivery.method,
  url,
  header: (name) => delivery.headers.get(name)?.join(',') ?? '',
});

const firstOf =
  (encodings: readonly Encoding[], decode: Decode) =>
  (text: string): Buffer | undefined => {
    for (const encoding of encodings) {
      const bytes = decode(text, encoding);
      if (bytes) return bytes;
    }
    return undefined;
  };

function headersOf({ signature, timestamp, id, signed }: LayoutSpec): SchemeHeader[] {
  const { header, form } = signature;
  const own = (form?.headers?.(header) ?? [header]).map((name, index): SchemeHeader => ({
    name,
    carries: 'signature',
    ...(index > 0 && { optional: true }),
  }));
  const parts = signed.flatMap((part) => (typeof part === 'object' && 'header' in part ? [part.header] : []));
  const needed = headersBesideBody(signed);
  return [
    ...own,
    ...(timestamp?.header === undefined ? [] : [{ name: timestamp.header, carries: 'timestamp' } as const]),
    ...(id ? [{ name: id.header, carries: 'id' } as const] : []),
    ...parts.map((name): SchemeHeader => ({
      name,
      carries: 'part',
      ...(!needed.includes(name) && { optional: true }),
    })),
  ];
}

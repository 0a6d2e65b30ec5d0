import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { busStore } from './bus-store.ts';
import type { PublishedEvent } from './bus-store.ts';
import { AwsError, jsonService } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

export interface EventBridge {
  readonly handle: StandIn;
  createBus(name: string): void;
  /**
   * The published events, oldest first, from the `from`th on and `limit` of it; the oldest are forgotten past {@link
   * MAX_STORED}.
   */
  published(from?: number, limit?: number): readonly PublishedEvent[];
}

/** Limits of PutEvents: entries per call, and bytes of all entries together. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Bytes that an entry's time takes in EventBridge's own count. */
const TIME_BYTES = 14;
const MAX_STORED = 200_000;

const Entry = z.object({
  EventBusName: z.string().default('default'),
  Source: z.string().default(''),
  DetailType: z.string().default(''),
  Detail: z.string().default(''),
  Time: z.number().optional(),
  Resources: z.array(z.string()).default([]),
});
type Entry = z.infer<typeof Entry>;

const PutEvents = z.object({ Entries: z.array(Entry) });

/**
 * EventBridge's PutEvents, with its limits and an error per entry
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html). Rules are not matched. Stricter than
 * AWS in one thing: an entry for a bus that does not exist fails. The published events are kept in a file if one is named.
 */
export function eventBridge(file?: string): EventBridge {
  const buses = new Set(['default']);
  const stored = busStore(MAX_STORED, file);

  const put = (entry: Entry): object => {
    const fault = faultOf(entry, buses);
    if (fault) return { ErrorCode: fault[0], ErrorMessage: fault[1] };
    const id = randomUUID();
    const { EventBusName: bus, Source: source, DetailType: detailType, Detail: detail } = entry;
    stored.add({ id, bus, source, detailType, detail, at: Date.now() });
    return { EventId: id };
  };

  const putEvents = (input: unknown): object => {
    const { Entries: entries } = parse(input);
    if (entries.length < 1 || entries.length > MAX_ENTRIES) {
      throw new AwsError('ValidationException', `'entries' must have between 1 and ${MAX_ENTRIES} members`);
    }
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_BYTES) {
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    }
    const results = entries.map(put);
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };

  return {
    handle: jsonService({ PutEvents: putEvents }),
    createBus: (name) => void buses.add(name),
    published: (from, limit) => stored.list(from, limit),
  };
}

function parse(input: unknown): z.infer<typeof PutEvents> {
  const parsed = PutEvents.safeParse(input);
  if (!parsed.success) throw new AwsError('ValidationException', z.prettifyError(parsed.error));
  return parsed.data;
}

function faultOf(entry: Entry, buses: ReadonlySet<string>): readonly [code: string, message: string] | undefined {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => entry[name] === '');
  if (missing)
    return ['InvalidArgument', `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`];
  if (entry.DetailType.length > 128) return ['InvalidArgument', 'Parameter DetailType is not valid.'];
  if (entry.Source.startsWith('aws.')) return ['NotAuthorizedForSourceException', 'Not authorized for the source.'];
  if (!buses.has(busName(entry.EventBusName))) return ['ResourceNotFoundException', 'Event bus does not exist.'];
  if (!isJsonObject(entry.Detail)) return ['MalformedDetail', 'Detail is malformed.'];
  return undefined;
}

/** A bus is named by its name or its ARN. */
const busName = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const sizeOf = ({ Source, DetailType, Detail, Time, Resources }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
  (Time === undefined ? 0 : TIME_BYTES);

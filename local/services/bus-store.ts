import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/** An event that was published. */
export interface PublishedEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  /** A JSON text, as it was published: parsed, a hundred thousand of them would fill the memory. */
  readonly detail: string;
  /** Milliseconds since the epoch: when it was published. */
  readonly at: number;
}

export interface BusStore {
  add(event: PublishedEvent): void;
  /** Oldest first. */
  list(from?: number, limit?: number): readonly PublishedEvent[];
}

/** Keeps the last events, at least `capacity` of them; a file, if one is named, keeps them all, one per line. */
export function busStore(capacity: number, file?: string): BusStore {
  let events = file === undefined ? [] : readLines(file).slice(-capacity);
  return {
    add(event) {
      // Before the answer: what a publisher was told is there after any end of this process.
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(event)}\n`);
      events.push(event);
      if (events.length >= 2 * capacity) events = events.slice(-capacity);
    },
    list: (from = 0, limit = Infinity) => events.slice(from, from + limit),
  };
}

/**
 * The events in a file. If the process was killed as it wrote the last line, that line has no end: nobody was told of that
 * event, so it is removed.
 */
function readLines(file: string): PublishedEvent[] {
  if (!existsSync(file)) return [];
  const content = readFileSync(file);
  const whole = content.subarray(0, content.lastIndexOf('\n') + 1);
  if (whole.length < content.length) truncateSync(file, whole.length);
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as PublishedEvent);
}

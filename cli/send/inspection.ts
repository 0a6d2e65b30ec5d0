import { OperatorError } from '../operator-error.ts';
import { unreachable } from './post.ts';

/** One event of the local ledger, as `GET /_local/events` shows it. */
export interface LocalEvent {
  readonly source: string;
  readonly key: string;
  readonly type: string;
  readonly status: string;
  readonly deliveries: number;
}

/** One entry of the local bus, as `GET /_local/bus` shows it. */
export interface LocalBusEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: { readonly metadata?: { readonly key?: string } };
}

/** The lengths of a source's queues, as `GET /_local/queues` shows them. */
export interface LocalQueue {
  readonly visible: number;
  readonly inFlight: number;
  readonly deadLetters: number;
}

/** The inside of the local gateway, as it shows it. */
export interface Inspection {
  events(source: string): Promise<readonly LocalEvent[]>;
  bus(): Promise<readonly LocalBusEntry[]>;
  queue(source: string): Promise<LocalQueue | undefined>;
}

/** Looks into the local gateway at `origin`. Its calls throw an {@link OperatorError} if none is running. */
export function inspect(origin: string): Inspection {
  const get = async (path: string): Promise<unknown> => {
    const url = origin + path;
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    if (!response.ok)
      throw new OperatorError(`The server on ${origin} is not a local gateway: ${path} answers ${response.status}.`);
    return response.json();
  };
  return {
    events: async (source) => (await get(`/_local/events?source=${encodeURIComponent(source)}`)) as LocalEvent[],
    bus: async () => (await get('/_local/bus')) as LocalBusEntry[],
    async queue(source) {
      const { sources } = (await get('/_local/queues')) as { sources: Partial<Record<string, LocalQueue>> };
      return Object.hasOwn(sources, source) ? sources[source] : undefined;
    },
  };
}

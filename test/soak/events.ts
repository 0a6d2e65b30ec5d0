import { sampleOf } from '../../lambdas/core/provider.ts';
import { createHash } from 'node:crypto';
import { eventKey } from '../../cli/send/event-key.ts';
import type { SenderSource } from '../../cli/sources.ts';
import { doomedFields, doomOf } from './doom.ts';
import type { Downtime } from './doom.ts';
import { FAILING, FORWARDING, TYPES } from './settings.ts';

/**
 * The way in which an event is sent: delivered once; sent several times at once; sent again later, as by a provider that missed
 * the answer; forged; authentic, and not JSON; or not delivered at all, and listed by the provider as missed.
 */
export type Kind = 'once' | 'repeated' | 'late' | 'forged' | 'unreadable' | 'missed';

export interface PlannedEvent {
  readonly kind: Kind;
  readonly source: SenderSource;
  readonly body: Buffer;
  /** `source#key`, as the ledger has it. */
  readonly id: string;
  /** Whether its handler fails whenever it is tried. */
  readonly isDoomed: boolean;
}

/** The parts of the kinds, in hundredths; what is left is delivered once. */
const PARTS: readonly (readonly [Kind, number])[] = [
  ['repeated', 10],
  ['late', 8],
  ['forged', 5],
  ['unreadable', 2],
];

/** An event of one of the sources, by chance. */
export function planEvent(sources: readonly SenderSource[], random: () => number, down: Downtime): PlannedEvent {
  const source = sources[Math.floor(random() * sources.length)];
  if (!source) throw new Error('there is no source');
  return planned(kindOf(random() * 100), source, random, down);
}

/** An event of a source. `down` is when what is behind the failing handler is down. */
export function planned(kind: Kind, source: SenderSource, random: () => number, down: Downtime): PlannedEvent {
  const id = createHash('sha256').update(String(random())).update(String(random())).digest('hex').slice(0, 32);
  const body = kind === 'unreadable' ? Buffer.from(`no JSON ${id}`) : bodyOf(source, id, random, down);
  const isDoomed = kind !== 'forged' && doomOf(body) !== 'sound';
  return { kind, source, body, id: `${source.name}#${eventKey(source, body)}`, isDoomed };
}

function bodyOf({ name, provider, options }: SenderSource, id: string, random: () => number, down: Downtime): Buffer {
  const { body } = sampleOf(provider, { id, now: new Date(), options });
  if (name !== FAILING && name !== FORWARDING) return body;
  const event = JSON.parse(body.toString()) as object;
  if (name === FORWARDING) return Buffer.from(JSON.stringify({ ...event, event_type: typeOf(random) }));
  return Buffer.from(JSON.stringify({ ...event, data: doomedFields(random, down) }));
}

const typeOf = (random: () => number): string =>
  Object.values(TYPES)[Math.floor(random() * Object.keys(TYPES).length)] ?? TYPES.none;

function kindOf(hundredth: number): Kind {
  let below = 0;
  return PARTS.find(([, part]) => hundredth < (below += part))?.[0] ?? 'once';
}

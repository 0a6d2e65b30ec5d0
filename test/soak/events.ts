import { sampleOf } from '../../lambdas/core/provider.ts';
import { createHash } from 'node:crypto';
import { eventKey } from '../../cli/send/event-key.ts';
import type { SenderSource } from '../../cli/sources.ts';

/**
 * What a sent event is: delivered once; sent several times at once; sent again later, as by a provider that missed the answer;
 * forged; authentic, and no JSON; or not delivered at all, and listed by the provider as missed.
 */
export type Kind = 'once' | 'repeated' | 'late' | 'forged' | 'unreadable' | 'missed';

export interface PlannedEvent {
  readonly kind: Kind;
  readonly source: SenderSource;
  readonly body: Buffer;
  /** `source#key`, as the ledger has it. */
  readonly id: string;
}

/** The parts of the kinds, in hundredths; what is left is delivered once. */
const PARTS: readonly (readonly [Kind, number])[] = [
  ['repeated', 10],
  ['late', 8],
  ['forged', 5],
  ['unreadable', 2],
];

/** An event of one of the sources, by chance. */
export function planEvent(sources: readonly SenderSource[], random: () => number): PlannedEvent {
  const source = sources[Math.floor(random() * sources.length)];
  if (!source) throw new Error('there is no source');
  return planned(kindOf(random() * 100), source, random);
}

export function planned(kind: Kind, source: SenderSource, random: () => number): PlannedEvent {
  const id = createHash('sha256').update(String(random())).update(String(random())).digest('hex').slice(0, 32);
  const { provider, options } = source;
  const body =
    kind === 'unreadable' ? Buffer.from(`no JSON ${id}`) : sampleOf(provider, { id, now: new Date(), options }).body;
  return { kind, source, body, id: `${source.name}#${eventKey(source, body)}` };
}

function kindOf(hundredth: number): Kind {
  let below = 0;
  return PARTS.find(([, part]) => hundredth < (below += part))?.[0] ?? 'once';
}

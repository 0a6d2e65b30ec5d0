import type { SenderSource } from '../../cli/sources.ts';
import { deliver } from './deliver.ts';
import { NEVER } from './doom.ts';
import { planned } from './events.ts';
import type { PlannedEvent } from './events.ts';
import type { Sent } from './load.ts';
import { FAILING } from './settings.ts';
import type { Failing } from './settle.ts';

/** The failing source once the load is sent: what is known of its events, and those that are sent to have dead letters looked for. */
export class FailingSource implements Failing {
  readonly doomed: Set<string>;
  readonly events: PlannedEvent[] = [];
  readonly acknowledged: Set<string>;
  readonly #source: SenderSource;
  readonly #deliver: (event: PlannedEvent) => ReturnType<typeof deliver>;
  readonly #random: () => number;

  /** `earlier` are the dead letters, of whatever source, that an earlier load has left on the same gateway. */
  constructor(
    sources: readonly SenderSource[],
    sent: Pick<Sent, 'events' | 'acknowledged'>,
    { origin, secretOf, random }: { origin: string; secretOf: (source: string) => string; random: () => number },
    earlier: ReadonlySet<string> = new Set(),
  ) {
    const source = sources.find(({ name }) => name === FAILING);
    if (!source) throw new Error('the run has no failing source');
    this.#source = source;
    this.#deliver = (event) => deliver(event, origin, secretOf);
    this.#random = random;
    this.acknowledged = new Set(sent.acknowledged);
    const doomed = sent.events.filter(({ isDoomed, id }) => isDoomed && sent.acknowledged.has(id));
    const own = [...earlier].filter((id) => id.startsWith(`${FAILING}#`));
    this.doomed = new Set([...own, ...doomed.map(({ id }) => id)]);
  }

  sendOne = async (): Promise<void> => {
    const event = planned('once', this.#source, this.#random, NEVER);
    this.events.push(event);
    const { status } = await this.#deliver(event);
    if (status < 200 || status >= 300) return;
    this.acknowledged.add(event.id);
    if (event.isDoomed) this.doomed.add(event.id);
  };
}

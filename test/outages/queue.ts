/** A message of a source's queue. */
export interface Queued {
  readonly id: string;
  readonly text: string;
  readonly sentAt: number;
  receives: number;
}

/** A standard SQS queue in virtual time: messages by the moment at which they can be received, the earliest first. */
export class VirtualQueue {
  readonly #heap: { readonly at: number; readonly message: Queued }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The moment at which the next message can be received; infinity if there is none. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  put(message: Queued, at: number): void {
    this.#heap.push({ at, message });
    let place = this.#heap.length - 1;
    while (place > 0 && this.#isBefore(place, (place - 1) >> 1)) {
      this.#swap(place, (place - 1) >> 1);
      place = (place - 1) >> 1;
    }
  }

  /** Receives up to so many messages that are visible now. */
  receive(most: number, now: number): Queued[] {
    const batch: Queued[] = [];
    while (batch.length < most && this.nextAt <= now) {
      const message = this.#pop();
      if (!message) break;
      message.receives++;
      batch.push(message);
    }
    return batch;
  }

  /** Shows a message at once that is hidden since the receive of that number. */
  callBack(id: string, receives: number, at: number): void {
    const index = this.#heap.findIndex(({ message }) => message.id === id && message.receives === receives);
    const [found] = index === -1 ? [] : this.#heap.splice(index, 1);
    if (!found) return;
    const others = this.#heap.splice(0);
    for (const other of others) this.put(other.message, other.at);
    this.put(found.message, at);
  }

  #pop(): Queued | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (!first || !last || first === last) return first?.message;
    this.#heap[0] = last;
    for (let place = 0; ;) {
      const children = [2 * place + 1, 2 * place + 2].filter((child) => child < this.#heap.length);
      const [least = place] = children.sort((a, b) => (this.#isBefore(a, b) ? -1 : 1));
      if (least === place || !this.#isBefore(least, place)) return first.message;
      this.#swap(place, least);
      place = least;
    }
  }

  #isBefore = (a: number, b: number): boolean => (this.#heap[a]?.at ?? Infinity) < (this.#heap[b]?.at ?? Infinity);

  #swap(a: number, b: number): void {
    const [one, two] = [this.#heap[a], this.#heap[b]];
    if (!one || !two) return;
    this.#heap[a] = two;
    this.#heap[b] = one;
  }
}

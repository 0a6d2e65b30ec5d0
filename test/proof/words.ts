const TOKEN = /\s*([#:]?[A-Za-z_]\w*(?:\[\d+\])?|<>|<=|>=|[=<>(),+-])/gy;

/** Walks over the words of an expression of DynamoDB's. */
export class Words {
  readonly #words: string[];
  #at = 0;

  constructor(text: string) {
    this.#words = [...text.matchAll(TOKEN)].map(([, word = '']) => word);
    if (this.#words.join('') !== text.replaceAll(/\s/g, '')) throw new Error(`expression not understood: ${text}`);
  }

  peek = (): string => this.#words[this.#at] ?? '';
  next = (): string => this.#words[this.#at++] ?? '';
  take(word: string): boolean {
    const taken = this.peek().toUpperCase() === word;
    if (taken) this.#at++;
    return taken;
  }
  expect(word: string): void {
    if (!this.take(word)) throw new Error(`expected ${word}, found "${this.peek()}"`);
  }
  /** One or more, separated by commas. */
  list<Part>(part: () => Part): Part[] {
    const parts = [part()];
    while (this.take(',')) parts.push(part());
    return parts;
  }
}

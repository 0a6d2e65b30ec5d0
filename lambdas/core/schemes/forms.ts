import type { Headers } from '../delivery.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { cached } from './cache.ts';
import { readHeader, readListHeader, splitList } from './headers.ts';

/** Texts of signatures that belong together, with the timestamp that came beside them. */
export interface Group {
  readonly signatures: readonly string[];
  readonly timestamp?: string;
}

export type FormFault = 'missing_signature' | 'malformed_signature' | 'missing_timestamp';
export type Groups = Result<readonly Group[], FormFault>;

/** How signatures are written in a header. Each form is a function of its own, so that a bundle holds the one that it uses. */
export interface Form {
  /** The headers that the form takes, the one of this name among them. */
  headers?(name: string): readonly string[];
  /** The name of the part that is the timestamp, if the form carries one. */
  readonly timestamp?: string | undefined;
  /** The most signatures that it may carry; default: `MAX_CANDIDATES` of mac.ts. */
  readonly maxSignatures?: number;
  read(headers: Headers, name: string): Groups;
  /** Writes signatures, the newest secret's first, as the provider would. */
  write(name: string, texts: readonly string[], timestamp: string): Readonly<Record<string, string>>;
}

/** One signature, perhaps behind a fixed prefix: `sha256=<hex>`. */
export const plain = ({ prefix = '' }: { readonly prefix?: string } = {}): Form => ({
  read: (headers, name) => orFault(readHeader(headers, name, 'signature'), (value) => withoutPrefix([value], prefix)),
  write: (name, [first = '']) => ({ [name]: prefix + first }),
});

/** Several signatures between commas: `<hex>,<hex>`. A prefix that is optional need not be before each, and is written. */
export const list = ({
  prefix = '',
  isPrefixOptional = false,
}: { readonly prefix?: string; readonly isPrefixOptional?: boolean } = {}): Form => ({
  read: (headers, name) =>
    orFault(readListHeader(headers, name), (value) => withoutPrefix(splitList(value), prefix, isPrefixOptional)),
  write: (name, texts) => ({ [name]: texts.map((text) => prefix + text).join(',') }),
});

/** Tagged signatures between blanks: `v1,<base64> v1,<base64>`. Other tags are for others, and passed over. */
export const tagged = (tag: string): Form => {
  const own = `${tag},`;
  return {
    read: (headers, name) =>
      orFault(readListHeader(headers, name, ' '), (value) => {
        // Most headers are one element, and lists take time.
        if (value.startsWith(own) && !value.includes(' ')) return ok([{ signatures: [value.slice(own.length)] }]);
        // Whoever joins the lines of a header on the way puts a comma between them.
        const elements = splitList(value, ' ').map((element) => element.replace(/,$/, ''));
        const found = elements.filter((element) => element.startsWith(own));
        if (found.length > 0) return ok([{ signatures: found.map((element) => element.slice(own.length)) }]);
        const isForOthers = elements.some((element) => /^\w+,./.test(element));
        return refuse(isForOthers ? 'missing_signature' : 'malformed_signature');
      }),
    write: (name, texts) => ({ [name]: texts.map((text) => `${tag},${text}`).join(' ') }),
  };
};

/**
 * One header per key: `x-signature-1`, `x-signature-2`, as far as `readUpTo`. The first `upTo` are the ones that the scheme names:
 * they are kept as evidence, and struck out of logs. One that cannot be read does not spoil the others.
 */
export const numbered = ({ upTo, readUpTo = upTo }: { readonly upTo: number; readonly readUpTo?: number }): Form => {
  const namesOf = cached((name): readonly string[] =>
    Array.from({ length: readUpTo }, (_, index) => `${name}-${index + 1}`),
  );
  return {
    headers: (name) => namesOf(name).slice(0, upTo),
    maxSignatures: readUpTo,
    read(headers, name) {
      const signatures: string[] = [];
      let fault: FormFault = 'missing_signature';
      for (const each of namesOf(name)) {
        const header = readHeader(headers, each, 'signature');
        if (header.ok) signatures.push(header.value);
        else if (header.reason === 'malformed_signature') fault = header.reason;
      }
      return signatures.length > 0 ? ok([{ signatures }]) : refuse(fault);
    },
    write: (name, texts) =>
      Object.fromEntries(texts.slice(0, upTo).map((text, index) => [`${name}-${index + 1}`, text])),
  };
};

/** Reads on if there is a value. */
export const orFault = (value: Result<string, FormFault>, read: (value: string) => Groups): Groups =>
  value.ok ? read(value.value) : value;

function withoutPrefix(texts: readonly string[], prefix: string, isOptional = false): Groups {
  if (prefix === '') return ok([{ signatures: texts }]);
  const signatures: string[] = [];
  for (const text of texts)
    if (text.startsWith(prefix)) signatures.push(text.slice(prefix.length));
    else if (isOptional) signatures.push(text);
  return signatures.length > 0 ? ok([{ signatures }]) : refuse('malformed_signature');
}

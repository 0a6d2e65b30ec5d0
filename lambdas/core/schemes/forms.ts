import type { Headers } from '../delivery.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { readHeader, readListHeader, splitList } from './headers.ts';
import { MAX_CANDIDATES } from './mac.ts';

/** How signatures are written in a header. */
export type Form =
  /** One signature, perhaps behind a fixed prefix: `sha256=<hex>`. */
  | { readonly kind: 'plain'; readonly prefix?: string }
  /** Several, between commas: `<hex>,<hex>`. */
  | { readonly kind: 'list'; readonly prefix?: string }
  /**
   * Named parts: `t=<time>,v1=<hex>,v1=<hex>`. A signature whose name is empty is the part without a name: `t=<time>,<hex>`.
   * `groups` parts several such headers, each with its own timestamp. Other names are for others, and passed over.
   */
  | {
      readonly kind: 'pairs';
      readonly signature: string;
      readonly timestamp?: string;
      readonly separator?: ',' | ';';
      readonly groups?: ' ';
    }
  /** Tagged signatures between blanks: `v1,<base64> v1,<base64>`. Other tags are for others, and passed over. */
  | { readonly kind: 'tagged'; readonly tag: string }
  /** One header per key: `x-signature-1`, `x-signature-2`, as far as `upTo`. */
  | { readonly kind: 'numbered'; readonly upTo: number };

/** Texts of signatures that belong together, with the timestamp that came beside them. */
export interface Group {
  readonly signatures: readonly string[];
  readonly timestamp?: string;
}

type FormFault = 'missing_signature' | 'malformed_signature' | 'missing_timestamp';
type FormReader = (headers: Headers) => Result<readonly Group[], FormFault>;

/** The names of the headers that a form takes. */
export const formHeaders = (name: string, form: Form): string[] =>
  form.kind === 'numbered' ? Array.from({ length: form.upTo }, (_, index) => `${name}-${index + 1}`) : [name];

/** Reads what a header says in this form, as texts. */
export function formReader(name: string, form: Form): FormReader {
  switch (form.kind) {
    case 'plain':
      return (headers) => fromValue(readHeader(headers, name, 'signature'), (value) => withoutPrefix([value], form));
    case 'list':
      return (headers) => fromValue(readListHeader(headers, name), (value) => withoutPrefix(splitList(value), form));
    case 'pairs':
      return (headers) => fromValue(readListHeader(headers, name), (value) => pairGroups(value, form));
    case 'tagged':
      return (headers) => fromValue(readHeader(headers, name, 'signature'), (value) => taggedWith(form.tag, value));
    case 'numbered':
      return numberedReader(formHeaders(name, form));
  }
}

const fromValue = (
  value: Result<string, FormFault>,
  read: (value: string) => Result<readonly Group[], FormFault>,
): Result<readonly Group[], FormFault> => (value.ok ? read(value.value) : value);

function withoutPrefix(texts: readonly string[], { prefix = '' }: { readonly prefix?: string }) {
  if (prefix === '') return ok([{ signatures: texts }]);
  const signatures = texts.flatMap((text) => (text.startsWith(prefix) ? [text.slice(prefix.length)] : []));
  return signatures.length > 0 ? ok([{ signatures }]) : refuse('malformed_signature' as const);
}

type Pairs = Extract<Form, { kind: 'pairs' }>;

function pairGroups(value: string, form: Pairs): Result<readonly Group[], FormFault> {
  if (form.groups === undefined) {
    const group = pairs(value, form);
    return group.ok ? ok([group.value]) : group;
  }
  const groups = value.split(form.groups).filter((text) => text !== '');
  // No more than one header may carry: each group is at least one signature.
  if (groups.length === 0 || groups.length > MAX_CANDIDATES) return refuse('malformed_signature');
  const read = groups.map((text) => pairs(text, form));
  const good = read.flatMap((group) => (group.ok ? [group.value] : []));
  return good.length > 0 ? ok(good) : (read.find((group) => !group.ok) ?? refuse('malformed_signature'));
}

const NAMED = /^[\w.-]+=/;

/**
 * The named parts of a header. What is not named is passed over too, unless the signature or the timestamp is what is
 * missing: then the header is not one of this form. A timestamp that is there twice is none.
 */
function pairs(value: string, { separator = ',', signature, timestamp }: Pairs): Result<Group, FormFault> {
  const signatures: string[] = [];
  const times: string[] = [];
  let isForeign = false;
  for (const part of splitList(value, separator)) {
    if (signature === '' ? part !== '' && !part.includes('=') : part.startsWith(`${signature}=`))
      signatures.push(signature === '' ? part : part.slice(signature.length + 1));
    else if (timestamp !== undefined && part.startsWith(`${timestamp}=`)) times.push(part.slice(timestamp.length + 1));
    else isForeign ||= !NAMED.test(part);
  }
  const [time, ...more] = times;
  if (timestamp !== undefined && time === undefined)
    return refuse(isForeign ? 'malformed_signature' : 'missing_timestamp');
  if (signatures.length === 0) return refuse(isForeign ? 'malformed_signature' : 'missing_signature');
  return ok(
    timestamp === undefined ? { signatures } : { signatures, timestamp: more.length === 0 ? (time ?? '') : '' },
  );
}

function taggedWith(tag: string, value: string): Result<readonly Group[], FormFault> {
  const elements = value.split(' ').filter((element) => element !== '');
  const signatures = elements.flatMap((element) =>
    element.startsWith(`${tag},`) ? [element.slice(tag.length + 1)] : [],
  );
  if (signatures.length > 0) return ok([{ signatures }]);
  return refuse(elements.some((element) => /^\w+,/.test(element)) ? 'missing_signature' : 'malformed_signature');
}

function numberedReader(names: readonly string[]): FormReader {
  return (headers) => {
    const signatures: string[] = [];
    for (const name of names) {
      const header = readHeader(headers, name, 'signature');
      if (header.ok) signatures.push(header.value);
      else if (header.reason === 'malformed_signature') return header;
    }
    return signatures.length > 0 ? ok([{ signatures }]) : refuse('missing_signature');
  };
}

/** Writes signatures, the newest secret's first, as the provider would. */
export function writeForm(
  name: string,
  form: Form,
  texts: readonly string[],
  timestamp: string,
): Record<string, string> {
  const [first = ''] = texts;
  switch (form.kind) {
    case 'plain':
      return { [name]: `${form.prefix ?? ''}${first}` };
    case 'list':
      return { [name]: texts.map((text) => `${form.prefix ?? ''}${text}`).join(',') };
    case 'pairs': {
      const separator = form.separator ?? ',';
      const time = form.timestamp === undefined ? [] : [`${form.timestamp}=${timestamp}`];
      const named = texts.map((text) => (form.signature === '' ? text : `${form.signature}=${text}`));
      if (form.groups === undefined) return { [name]: [...time, ...named].join(separator) };
      return { [name]: named.map((text) => [...time, text].join(separator)).join(form.groups) };
    }
    case 'tagged':
      return { [name]: texts.map((text) => `${form.tag},${text}`).join(' ') };
    case 'numbered':
      return Object.fromEntries(texts.slice(0, form.upTo).map((text, index) => [`${name}-${index + 1}`, text]));
  }
}

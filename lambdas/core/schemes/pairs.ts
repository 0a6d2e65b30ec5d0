import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { orFault } from './forms.ts';
import type { Form, FormFault, Group, Groups } from './forms.ts';
import { readListHeader, splitList } from './headers.ts';
import { MAX_CANDIDATES } from './mac.ts';

export interface PairsSpec {
  /** The name of the parts that are signatures; empty if a signature is the part without a name: `t=<time>,<hex>`. */
  readonly signature: string;
  /** The name of the part that is the timestamp, if there is one. */
  readonly timestamp?: string;
  readonly separator?: ',' | ';';
  /** The separator between several such headers in one, each with its own timestamp. */
  readonly groups?: ' ';
}

/** Named parts: `t=<time>,v1=<hex>,v1=<hex>`. Other names are for others, and passed over. */
export const pairs = <const Spec extends PairsSpec>(spec: Spec): Form & Pick<Spec, 'timestamp' & keyof Spec> => ({
  ...(spec as Pick<Spec, 'timestamp' & keyof Spec>),
  read: (headers, name) =>
    orFault(readListHeader(headers, name, spec.groups ?? spec.separator), (value) => readGroups(value, spec)),
  write: (name, texts, time) => ({ [name]: writePairs(texts, time, spec) }),
});

function readGroups(value: string, spec: PairsSpec): Groups {
  if (spec.groups === undefined) {
    const only = readPairs(value, spec);
    return only.ok ? ok([only.value]) : only;
  }
  const texts = value.split(spec.groups).filter((text) => text !== '');
  // No more than one header may carry: each group is at least one signature.
  if (texts.length === 0 || texts.length > MAX_CANDIDATES) return refuse('malformed_signature');
  const read = texts.map((text) => readPairs(text, spec));
  const good = read.flatMap((group) => (group.ok ? [group.value] : []));
  return good.length > 0 ? ok(good) : (read.find((group) => !group.ok) ?? refuse('malformed_signature'));
}

const NAMED = /^[\w.-]+=/;
/** A name with something behind it: the padding of base64 alone does not make a name of the text before it. */
const NAMED_VALUE = /^[\w.-]+=(?!=*$)/;
const EQUALS = '='.charCodeAt(0);

const isNamed = (part: string, name: string): boolean =>
  part.charCodeAt(name.length) === EQUALS && part.startsWith(name);

const isUnnamed = (part: string, timestamp: string | undefined): boolean =>
  part !== '' && !NAMED_VALUE.test(part) && (timestamp === undefined || !isNamed(part, timestamp));

/**
 * The named parts of a header. A part without a name is passed over too, unless the signature or the timestamp is missing: then the
 * header is not one of this form. An empty timestamp is passed over if there is another one; two that are not empty are none.
 */
function readPairs(value: string, { separator = ',', signature, timestamp }: PairsSpec): Result<Group, FormFault> {
  const signatures: string[] = [];
  let time: string | undefined;
  let isTwice = false;
  let isForeign = false;
  for (const part of splitList(value, separator)) {
    if (signature === '' ? isUnnamed(part, timestamp) : isNamed(part, signature))
      signatures.push(signature === '' ? part : part.slice(signature.length + 1));
    else if (timestamp !== undefined && isNamed(part, timestamp)) {
      const text = part.slice(timestamp.length + 1);
      isTwice ||= Boolean(time && text);
      // An empty one too: it is there, though it says nothing.
      time = time === undefined || time === '' ? text : time;
    } else isForeign ||= !NAMED.test(part);
  }
  if (timestamp !== undefined && time === undefined)
    // A text alone could be anything, and not just a signature that lacks its timestamp.
    return refuse(isForeign || signature === '' ? 'malformed_signature' : 'missing_timestamp');
  if (signatures.length === 0) return refuse(isForeign ? 'malformed_signature' : 'missing_signature');
  return ok(timestamp === undefined ? { signatures } : { signatures, timestamp: isTwice ? '' : (time ?? '') });
}

function writePairs(texts: readonly string[], time: string, { signature, timestamp, ...spec }: PairsSpec): string {
  const { separator = ',', groups } = spec;
  const times = timestamp === undefined ? [] : [`${timestamp}=${time}`];
  const named = texts.map((text) => (signature === '' ? text : `${signature}=${text}`));
  if (groups === undefined) return [...times, ...named].join(separator);
  return named.map((text) => [...times, text].join(separator)).join(groups);
}

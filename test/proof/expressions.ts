/**
 * DynamoDB's condition and update expressions, as far as the adapters use them. An expression is compiled once and kept: an
 * exploration evaluates the same few a million times. An expression that is not understood throws, so that an adapter which
 * starts to use more of the language is noticed at once.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { Words } from './words.ts';

export type Item = Record<string, AttributeValue>;

/** The item and values that an expression is evaluated on. */
export interface Scope {
  readonly item: Readonly<Item>;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Item>;
}

type Operand = (scope: Scope) => AttributeValue | undefined;
export type Condition = (scope: Scope) => boolean;
/** Changes the item in place; operands are read from the item as it was. */
export type Update = (scope: Scope, changed: Item) => void;

function nameOf(word: string, { names }: Scope): string {
  const name = word.startsWith('#') ? names[word] : word;
  if (name === undefined) throw new Error(`no name for ${word}`);
  return name;
}

/** The list and the place of a path such as `waiting[0]`. */
const elementOf = (path: string): readonly [string, number] | undefined => {
  const [, list, place] = /^(.+)\[(\d+)\]$/.exec(path) ?? [];
  return list === undefined ? undefined : [list, Number(place)];
};

/** The value at a path: an attribute, or an element of a list. */
function valueAt(path: string, scope: Scope): AttributeValue | undefined {
  const element = elementOf(path);
  return element ? scope.item[nameOf(element[0], scope)]?.L?.[element[1]] : scope.item[nameOf(path, scope)];
}

function operand(words: Words): Operand {
  const word = words.next();
  if (words.take('(')) return call(word, words);
  if (!word.startsWith(':')) return (scope) => valueAt(word, scope);
  return ({ values }) => {
    const value = values[word];
    if (value === undefined) throw new Error(`no value for ${word}`);
    return value;
  };
}

/** A function of an operand; its opening bracket is read. */
function call(name: string, words: Words): Operand {
  const first = operand(words);
  if (name === 'size') {
    words.expect(')');
    return (scope) => ({ N: String(first(scope)?.L?.length) });
  }
  words.expect(',');
  const second = operand(words);
  words.expect(')');
  if (name === 'if_not_exists') return (scope) => first(scope) ?? second(scope);
  if (name !== 'list_append') throw new Error(`function not understood: ${name}`);
  return (scope) => ({ L: [...(first(scope)?.L ?? []), ...(second(scope)?.L ?? [])] });
}

/** Negative, zero or positive; NaN if the two cannot be compared, so that no comparison holds. */
function compare(a: AttributeValue | undefined, b: AttributeValue | undefined): number {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return a.S === b.S ? 0 : a.S < b.S ? -1 : 1;
  if (a?.BOOL !== undefined && b?.BOOL !== undefined) return Number(a.BOOL) - Number(b.BOOL);
  return NaN;
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function term(words: Words): Condition {
  if (words.take('NOT')) {
    const negated = term(words);
    return (scope) => !negated(scope);
  }
  if (words.take('(')) {
    const inner = either(words);
    words.expect(')');
    return inner;
  }
  if (words.take('CONTAINS')) {
    words.expect('(');
    const path = words.next();
    words.expect(',');
    const value = operand(words);
    words.expect(')');
    return (scope) => {
      const [among, sought = ''] = [valueAt(path, scope), value(scope)?.S];
      return among?.SS?.includes(sought) ?? among?.L?.some(({ S: text }) => text === sought) ?? false;
    };
  }
  const exists = words.take('ATTRIBUTE_EXISTS');
  if (exists || words.take('ATTRIBUTE_NOT_EXISTS')) {
    words.expect('(');
    const path = words.next();
    words.expect(')');
    return (scope) => (scope.item[nameOf(path, scope)] !== undefined) === exists;
  }
  const left = operand(words);
  if (words.take('IN')) {
    words.expect('(');
    const among = words.list(() => operand(words));
    words.expect(')');
    return (scope) => among.some((value) => compare(left(scope), value(scope)) === 0);
  }
  const symbol = words.next();
  const holds = COMPARISONS[symbol];
  if (!holds) throw new Error(`comparison not understood: ${symbol}`);
  const right = operand(words);
  return (scope) => holds(compare(left(scope), right(scope)));
}

function both(words: Words): Condition {
  const terms = [term(words)];
  while (words.take('AND')) terms.push(term(words));
  return (scope) => terms.every((holds) => holds(scope));
}

function either(words: Words): Condition {
  const terms = [both(words)];
  while (words.take('OR')) terms.push(both(words));
  return (scope) => terms.some((holds) => holds(scope));
}

/** One `SET` action: `path = operand`, or the sum or difference of two operands. */
function setAction(words: Words): Update {
  const path = words.next();
  words.expect('=');
  const left = operand(words);
  const sign = words.take('+') ? 1 : words.take('-') ? -1 : 0;
  const right = sign === 0 ? left : operand(words);
  return (scope, changed) => {
    const value = left(scope);
    if (value === undefined) throw new Error(`nothing to set ${path} to`);
    changed[nameOf(path, scope)] = sign === 0 ? value : { N: String(Number(value.N) + sign * Number(right(scope)?.N)) };
  };
}

function addAction(words: Words): Update {
  const path = words.next();
  const value = operand(words);
  return (scope, changed) => {
    const name = nameOf(path, scope);
    const [before, more] = [scope.item[name], value(scope)];
    changed[name] = more?.SS
      ? { SS: [...new Set([...(before?.SS ?? []), ...more.SS])] }
      : { N: String(Number(before?.N ?? 0) + Number(more?.N)) };
  };
}

function removeAction(words: Words): Update {
  const path = words.next();
  const element = elementOf(path);
  if (!element) return (scope, changed) => void Reflect.deleteProperty(changed, nameOf(path, scope));
  return (scope, changed) => {
    const name = nameOf(element[0], scope);
    changed[name] = { L: (scope.item[name]?.L ?? []).toSpliced(element[1], 1) };
  };
}

const ACTIONS = { SET: setAction, ADD: addAction, REMOVE: removeAction };

function clauses(words: Words): Update {
  const actions: Update[] = [];
  while (words.peek() !== '') {
    const action = ACTIONS[words.next().toUpperCase() as keyof typeof ACTIONS];
    actions.push(...words.list(() => action(words)));
  }
  return (scope, changed) => {
    for (const action of actions) action(scope, changed);
  };
}

/** Compiles each text once. */
function compiled<Part>(parse: (words: Words) => Part): (text: string) => Part {
  const known = new Map<string, Part>();
  return (text) => {
    let part = known.get(text);
    if (part === undefined) {
      const words = new Words(text);
      part = parse(words);
      if (words.peek() !== '') throw new Error(`left over in "${text}": ${words.peek()}`);
      known.set(text, part);
    }
    return part;
  };
}

export const compileCondition = compiled(either);
export const compileUpdate = compiled(clauses);

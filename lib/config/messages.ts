import type { z } from 'zod';
import { nearest } from './nearest.ts';

/**
 * A finding as lines that a person can act on: where it is, what is allowed there, what was given. The providers are those that a
 * source can name.
 */
export function toLines(issue: z.core.$ZodIssue, settings: unknown, providers: readonly string[]): string[] {
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  if (issue.code === 'unrecognized_keys') return issue.message.split('\n').map((line) => where + line);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${where}the name ${message}`);
  const value = valueAt(settings, issue.path);
  return [`${where}${issue.message}; ${given(value)}${hint(issue, value, providers)}`];
}

const valueAt = (settings: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], settings);

/** Characters of the longest value that is shown whole. */
const LONGEST_VALUE = 60;

function given(value: unknown): string {
  if (value === undefined) return 'it is missing';
  const text = shown(value);
  return `given: ${text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`}`;
}

/** A value as JSON has it, or else by its type: JSON has no word for functions, large integers and what contains itself. */
function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  if (typeof value === 'bigint') return `${value}n`;
  try {
    const text: unknown = JSON.stringify(value);
    return typeof text === 'string' ? text : typeof value;
  } catch {
    return 'an object that JSON cannot have, because it contains itself or a large integer';
  }
}

function hint(issue: z.core.$ZodIssue, value: unknown, providers: readonly string[]): string {
  const choices: readonly unknown[] = issue.code === 'invalid_value' ? issue.values : [];
  const names = issue.code === 'invalid_union' ? providers : choices.filter((choice) => typeof choice === 'string');
  const near = typeof value === 'string' ? nearest(value, names) : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** The line on settings that cannot be read, because a getter or a proxy in them throws, with its place and its error. */
export function unreadable(settings: unknown, error: unknown): string {
  const at = unreadableAt(settings, [], new Set()) ?? [];
  const thrown = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return `${at.length === 0 ? '' : `${at.join('.')}: `}cannot be read: ${thrown}; write the value itself`;
}

/** The path to the first value that throws when it is read; undefined if there is none. */
function unreadableAt(value: unknown, path: readonly string[], seen: Set<unknown>): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  let at = path;
  try {
    for (const key of Object.keys(value)) {
      at = [...path, key];
      const found = unreadableAt((value as Readonly<Record<string, unknown>>)[key], at, seen);
      if (found) return found;
    }
    return undefined;
  } catch {
    return at;
  }
}

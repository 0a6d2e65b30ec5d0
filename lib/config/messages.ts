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
  path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], settings);

/** Characters of the longest value that is shown whole. */
const LONGEST_VALUE = 60;

function given(value: unknown): string {
  if (value === undefined) return 'it is missing';
  // JSON has no word for functions and such.
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return `given: ${text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`}`;
}

function hint(issue: z.core.$ZodIssue, value: unknown, providers: readonly string[]): string {
  const choices: readonly unknown[] = issue.code === 'invalid_value' ? issue.values : [];
  const names = issue.code === 'invalid_union' ? providers : choices.filter((choice) => typeof choice === 'string');
  const near = typeof value === 'string' ? nearest(value, names) : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

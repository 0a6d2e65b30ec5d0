import type { Options } from '../envelope.ts';
import type { OptionSpec } from '../provider.ts';

/** The option that says where a provider's API is. */
export const baseUrlOption = (example: string, what: string) =>
  ({ type: 'url', description: `Base URL of its API, \`${example}\`: ${what}.` }) as const satisfies OptionSpec;

/** The URL of a call: the option `baseUrl`, a path, and the parameters that are given. */
export function apiUrl(
  { baseUrl }: Options,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  return `${String(baseUrl).replace(/\/+$/, '')}/${path}${search}`;
}

import { ReasonError } from '../errors.ts';
import type { Options } from '../envelope.ts';
import type { OptionSpec } from '../provider.ts';

/** The option that says where a provider's API is. */
export const baseUrlOption = (example: string, what: string) =>
  ({ type: 'url', description: `Base URL of its API, \`${example}\`: ${what}.` }) as const satisfies OptionSpec;

/** Characters of the longest id that a provider may have. */
const MAX_ID = 512;

/** Whether an id of a provider can be part of a URL: a full stop or two would lead to another path, however they are encoded. */
export const isUsableId = (id: string): boolean =>
  id !== '' && id.length <= MAX_ID && !isDots(id) && id.isWellFormed() && !/\p{Cc}/u.test(id);

const isDots = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment);

/** A path would lead out of the API that was meant to be called. */
export class PathFault extends ReasonError<'unusable_path'> {
  override readonly name = 'PathFault';
}

/** A path of an API, with each value in it as one segment: encoded, and refused if it would lead elsewhere. */
export const apiPath = (texts: TemplateStringsArray, ...values: readonly Options[string][]): string =>
  String.raw({ raw: texts }, ...values.map((value) => encodeURIComponent(String(value))));

/**
 * The URL of a call: the option `baseUrl`, a path, and the parameters that are given. Throws a {@link PathFault} if the path would
 * lead out of the API: the request carries the token.
 */
export function apiUrl(
  { baseUrl }: Options,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  if (path.split(/[?#]/, 1)[0]?.split('/').some(isDots) === true) throw new PathFault('unusable_path');
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  return `${String(baseUrl).replace(/\/+$/, '')}/${path}${search}`;
}

import { attemptFieldsOf, bindsBodies, defaultWindowDays, identityOf, sampleOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { Received } from '../../lambdas/core/received.ts';
import { defaultOptions, defaultScheme, entryOf } from './catalogue.ts';

/*
 * The part of a provider's page that follows from its file. It is between two marks, so that no fact is written twice; what is
 * particular to the provider is written by a person around it.
 */

const START = '<!-- From the provider’s file, by `npm run providers -- --write`: -->';
const END = '<!-- end -->';

const COVERAGE = {
  body: 'the whole body',
  fields: 'some fields of the body, and not the others',
  caller: 'nothing of the body: only the caller is proved',
} as const;

const IDENTITY = {
  body: 'an id in the body',
  'signed header': 'an id in a header that is signed',
  'unsigned header':
    'an id in a header. Nothing else is signed either, so whoever has the token can send any event under any id',
  'signed time': 'none: two deliveries with equal bodies are one event if the same time is signed with both',
  none: 'none: two deliveries with equal bodies are one event',
} as const;

const BOUND =
  'an id in a header that is not signed, and is therefore bound to the body: the same body is the same event, under whatever id or none';
const BOUND_TYPE =
  'The type is in a header that is not signed too: the same body under another type may be another event, or a captured delivery. It waits in quarantine as `conflict`, until you release or drop it';

const CUTS_OFF =
  '- It stops delivering if deliveries fail again and again: the alarms about its deliveries are critical.';

const HOUR = 3600;

function identityLine(provider: Provider): string {
  const options = defaultOptions(provider);
  if (!bindsBodies(provider, options)) return IDENTITY[identityOf(provider, options)];
  return isTypeInHeader(provider) ? `${BOUND}. ${BOUND_TYPE}` : BOUND;
}

/** Two hours and more as hours, a shorter time as minutes. */
const inWords = (seconds: number): string =>
  seconds < 2 * HOUR ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / HOUR)} hours`;

/** Whether the type of an event changes with the headers, whatever the body says. */
function isTypeInHeader(provider: Provider): boolean {
  const context = { now: new Date(0), options: defaultOptions(provider) };
  const { body, headers } = sampleOf(provider, { id: 'a', ...context });
  const typeWith = (given: Readonly<Record<string, string>>): string | undefined => {
    const lines = new Map(Object.entries(given).map(([name, value]) => [name, [value]]));
    return [provider.readEvents(new Received({ method: 'POST', url: '', headers: lines, body }, context))].flat()[0]
      ?.type;
  };
  return typeWith(headers) !== typeWith({});
}

/** The facts, as Markdown between the two marks. */
export function facts(provider: Provider): string {
  const scheme = defaultScheme(provider);
  const entry = entryOf(provider);
  const { retryHorizonSeconds, rejectionStatus, options } = provider;
  const least = Math.ceil(retryHorizonSeconds / 86_400);
  const replay = scheme.replayWindowSeconds === undefined ? 'none' : `${scheme.replayWindowSeconds} s either way`;
  const retries =
    least > 0 ? `; less than ${least} is refused, because retries go on for ${inWords(retryHorizonSeconds)}` : '';
  const lines = [
    `- Scheme: ${scheme.title}. The signature covers ${COVERAGE[scheme.coverage]}.`,
    `- Headers: ${scheme.headers.map(({ name }) => `\`${name}\``).join(', ') || 'none'}.`,
    `- A bad signature is answered with ${rejectionStatus}.`,
    `- Replay window: ${replay}. Ledger window: ${defaultWindowDays(provider)} days${retries}.`,
    `- Event identity: ${identityLine(provider)}.`,
    ...attemptLine(provider),
    ...(provider.cutsOffAfterFailures ? [CUTS_OFF] : []),
    `- Source: ${entry.source}${entry.confidence === 'confirmed' ? '' : ' (unconfirmed: not by the vendor’s own word)'}.`,
    ...optionLines(options),
  ];
  return [START, '', ...lines, '', END].join('\n');
}

function attemptLine(provider: Provider): string[] {
  const fields = attemptFieldsOf(provider, {}).map((field) => `\`${field}\``);
  return fields.length === 0
    ? []
    : [`- An event that is sent again has another ${fields.join(', ')}, and is the same event.`];
}

const optionLines = (options: Provider['options']): string[] =>
  Object.entries(options).map(([name, spec]) => {
    const value = spec.default === undefined ? '' : ` Default: \`${String(spec.default)}\`.`;
    return `- Option \`${name}\`: ${spec.description}${value}`;
  });

/** The page with its facts as they are now; undefined if it has no place for them. */
export function withFacts(page: string, provider: Provider): string | undefined {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) return undefined;
  return page.slice(0, start) + facts(provider) + page.slice(end + END.length);
}

/** Whether two pages say the same, however their lines are wrapped. */
export const areAlike = (page: string, other: string): boolean => bare(page) === bare(other);

const bare = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** A row for the first table of docs/providers/README.md. */
export function row(provider: Provider): string {
  const { name, title, rejectionStatus } = provider;
  const isBound = bindsBodies(provider, defaultOptions(provider));
  const { scheme, windows, identity } = entryOf(provider);
  const replay = windows.replaySeconds === null ? 'none' : `${windows.replaySeconds} s either way`;
  const cells = [
    `\`${name}\``,
    `[${title}](${name}.md)`,
    scheme,
    replay,
    rejectionStatus,
    `${IDENTITY_CELL[identity]}${isBound ? ', bound to the body' : ''}`,
  ];
  return `| ${[...cells, `${windows.ledgerDays} days`].join(' | ')} |`;
}

const IDENTITY_CELL = {
  body: 'an id in the body',
  'signed header': 'a signed header',
  'unsigned header': 'a header',
  'signed time': 'the hash of the body and the signed time',
  none: 'the hash of the body',
} as const;

import { defaultWindowDays } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { defaultScheme, entryOf } from './catalogue.ts';

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
    'an id in a header that is not signed, and is therefore bound to the body: the same body is the same event',
  'signed time': 'none: two deliveries with equal bodies are one event if the same time is signed with both',
  none: 'none: two deliveries with equal bodies are one event',
} as const;

const HOUR = 3600;

/** The facts, as Markdown between the two marks. */
export function facts(provider: Provider): string {
  const scheme = defaultScheme(provider);
  const entry = entryOf(provider);
  const { retryHorizonSeconds, rejectionStatus, options } = provider;
  const least = Math.ceil(retryHorizonSeconds / 86_400);
  const replay = scheme.replayWindowSeconds === undefined ? 'none' : `${scheme.replayWindowSeconds} s either way`;
  const retries =
    least > 0
      ? `; less than ${least} is refused, because retries go on for ${Math.round(retryHorizonSeconds / HOUR)} hours`
      : '';
  const lines = [
    `- Scheme: ${scheme.title}. The signature covers ${COVERAGE[scheme.coverage]}.`,
    `- Headers: ${scheme.headers.map(({ name }) => `\`${name}\``).join(', ') || 'none'}.`,
    `- A bad signature is answered with ${rejectionStatus}.`,
    `- Replay window: ${replay}. Ledger window: ${defaultWindowDays(provider)} days${retries}.`,
    `- Event identity: ${IDENTITY[provider.identity]}.`,
    ...attemptLine(provider),
    `- Source: ${entry.source}${entry.confidence === 'confirmed' ? '' : ' (unconfirmed: not by the vendor’s own word)'}.`,
    ...optionLines(options),
  ];
  return [START, '', ...lines, '', END].join('\n');
}

const attemptLine = ({ attemptFields = [] }: Provider): string[] =>
  attemptFields.length === 0
    ? []
    : [
        `- An event that is sent again has another ${attemptFields.map((field) => `\`${field}\``).join(', ')}, and is the same event.`,
      ];

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

/** A row for the first table of docs/providers/README.md. */
export function row(provider: Provider): string {
  const { name, title, rejectionStatus, identity } = provider;
  const { scheme, windows } = entryOf(provider);
  const replay = windows.replaySeconds === null ? 'none' : `${windows.replaySeconds} s either way`;
  const cells = [`\`${name}\``, `[${title}](${name}.md)`, scheme, replay, rejectionStatus, IDENTITY_CELL[identity]];
  return `| ${[...cells, `${windows.ledgerDays} days`].join(' | ')} |`;
}

const IDENTITY_CELL = {
  body: 'an id in the body',
  'signed header': 'a signed header',
  'unsigned header': 'a header, bound to the body',
  'signed time': 'the hash of the body and the signed time',
  none: 'the hash of the body',
} as const;

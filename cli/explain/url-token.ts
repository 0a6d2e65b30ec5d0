import type { Scheme } from '../../lambdas/core/schemes/scheme.ts';
import type { Change, Hypothesis, Trial } from './trial.ts';

/** The name of the parameter of the URL in which a scheme looks for its token; undefined if it looks elsewhere. */
export function tokenParameter(scheme: Scheme): string | undefined {
  if (scheme.headers.length > 0 || scheme.coverage !== 'caller') return undefined;
  const url = 'https://example.com/';
  try {
    const signed = scheme.sign({ url, body: Buffer.alloc(0), secrets: ['a token'], now: new Date(0) });
    return [...new URL(signed.url ?? url).searchParams.keys()][0];
  } catch {
    return undefined;
  }
}

/** The most headers that are tried. */
const MOST = 40;

/** The token came under another name, in a header, twice, or escaped twice. */
export const urlTokenDamages: Hypothesis = function* ({ scheme, delivery }) {
  const name = tokenParameter(scheme);
  const url = URL.parse(delivery.url);
  if (name === undefined || !url) return;
  const own = url.searchParams.getAll(name);
  for (const value of own) {
    if (own.length > 1) yield change('signature_doubled', `${name} is there ${own.length} times`, name, value);
    const once = unescaped(value);
    if (once !== undefined && once !== value)
      yield change('signature_encoding', `${name} is escaped twice`, name, once);
  }
  for (const [other, value] of url.searchParams)
    if (other !== name) yield change('header_renamed', `the parameter ${name} came as ${other}`, name, value);
  for (const [header, [value = '']] of [...delivery.headers].slice(0, MOST)) {
    const bare = value.replace(/^bearer +/i, '');
    yield change('header_renamed', `the parameter ${name} came as the header ${header}`, name, bare);
  }
};

const change = (cause: Change['cause'], detail: string, name: string, value: string): Change => ({
  ...{ cause, detail },
  apply: (trial: Trial) => {
    const url = new URL(trial.delivery.url);
    url.searchParams.set(name, value);
    return { ...trial, delivery: { ...trial.delivery, url: url.toString() } };
  },
});

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

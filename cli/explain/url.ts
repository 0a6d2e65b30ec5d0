import type { Hypothesis } from './trial.ts';

/** The most addresses that are tried. */
const MOST = 400;

/** The signature is of another URL: scheme, host, port, slash, query or its escapes differ. */
export const urlDamages: Hypothesis = function* ({ scheme, delivery, options }) {
  if (scheme.signsUrl !== true) return;
  const stated = typeof options.publicUrl === 'string' ? options.publicUrl : delivery.url;
  const seen = new Set<string>();
  for (const url of variants([stated, delivery.url], hostsOf(delivery.headers))) {
    if (seen.has(url) || seen.size >= MOST) continue;
    seen.add(url);
    yield {
      ...{ cause: 'url_changed', detail: `signed for ${url}` },
      apply: (trial) => ({ ...trial, options: { ...trial.options, publicUrl: url } }),
    };
  }
};

const hostsOf = (headers: ReadonlyMap<string, readonly string[]>): string[] =>
  ['x-forwarded-host', 'x-original-host', 'host'].flatMap((name) => headers.get(name)?.slice(0, 1) ?? []);

/** One difference at a time first, then those of the address and of the query together. */
function* variants(urls: readonly string[], hosts: readonly string[]): Generator<string> {
  for (const text of urls) {
    const url = URL.parse(text);
    if (!url) continue;
    const addresses = addressesOf(text, url, hosts);
    const queries = queriesOf(text, url);
    const [address = '', query = ''] = [addresses[0], queries[0]];
    for (const each of addresses) yield each + query;
    for (const each of queries) yield address + each;
    for (const one of addresses) for (const other of queries) yield one + other;
  }
}

function addressesOf(text: string, url: URL, hosts: readonly string[]): string[] {
  const own = text.split('?')[0] ?? text;
  const path = own.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const names = [url.host, url.hostname, ...hosts, ...hosts.map((host) => host.replace(/:\d+$/, ''))];
  const ports = [
    ...new Set(names.flatMap((name) => [name, `${name.replace(/:\d+$/, '')}:443`, `${name.replace(/:\d+$/, '')}:80`])),
  ];
  const paths = [
    path,
    path.endsWith('/') ? path.slice(0, -1) : `${path}/`,
    path.replace(/^\/[\w-]+(?=\/webhooks\/)/, ''),
  ];
  const bases = ['https://', 'http://'].flatMap((start) => ports.map((name) => start + name));
  return [...new Set([own, ...paths.flatMap((each) => bases.map((base) => base + each)), path])];
}

function queriesOf(text: string, url: URL): string[] {
  const query = text.includes('?') ? text.slice(text.indexOf('?')) : '';
  if (query === '') return [''];
  const parts = query.slice(1).split('&');
  const sorted = [...parts].sort();
  return [
    ...[query, '', `?${sorted.join('&')}`, `?${[...parts].reverse().join('&')}`, `?${url.searchParams.toString()}`],
    ...[query.replaceAll('+', '%20'), query.replaceAll('%20', '+'), unescaped(query)],
    query.replaceAll(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase()),
    query.replaceAll(/%[\da-f]{2}/gi, (escape) => escape.toLowerCase()),
  ];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

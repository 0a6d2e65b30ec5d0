import { describe, expect, it } from '@jest/globals';
import { isObject } from '../../../lambdas/core/json.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { deepened } from '../../fuzz/corpus.ts';
import { answerTo } from './answer.ts';
import { headerOf, ownScheme, sampled, signed, withHeader } from './deliveries.ts';
import { underTest } from './subjects.ts';

const LONG = 'x'.repeat(10_240);

/** Values of a field that its provider's page does not foresee. */
const JUNK: readonly unknown[] = [
  // JSON can make an object without a text: String() of it throws.
  ...[{ toString: 1 }, [{ toString: 1 }], null, true, 1.5, -1, 1e300, 2 ** 53, '', ' \n', '\ud800', LONG, [], {}],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '#conflict#x', '../../etc', '\0', 'a\r\nb: c'],
];

/** The value with each of its parts, whole or within, changed in turn. */
function* changes(value: unknown, to: unknown): Generator {
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries())
      for (const other of changes(part, to)) yield (value as readonly unknown[]).with(index, other);
  } else if (isObject(value)) {
    for (const [name, part] of Object.entries(value))
      for (const other of changes(part, to)) yield { ...value, [name]: other };
  }
  yield to;
}

/** Why an event could not be kept, queued or published; undefined if it can be. */
function flawOf({ key, type, time }: { key: string; type: string; time?: string | undefined }): string | undefined {
  if (key.length === 0 || key.length > 500 || !key.isWellFormed()) return `its key has ${key.length} characters`;
  if (type.length === 0 || type.length > 128 || !type.isWellFormed()) return `its type has ${type.length} characters`;
  return time === undefined || !Number.isNaN(Date.parse(time)) ? undefined : 'its time is none';
}

/** Expects the promise that holds whatever is in an authentic delivery: each of its events can be kept, queued and published. */
async function takesIn(provider: Provider, body: Buffer | string, headers: Readonly<Record<string, string>>) {
  const { answer, events } = await answerTo(provider, signed(provider, body, { headers }));
  const flaws = events.map(flawOf).filter((flaw) => flaw !== undefined);
  // One expectation for all that there is to expect: of a hundred thousand deliveries, Jest's own work would take longest.
  expect([answer.status < 500, ...flaws]).toEqual([true]);
  return { answer, events };
}

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

describe.each([...underTest])('%s', (_name, provider) => {
  const { body, headers } = sampled(provider);
  const json = parsed(body);
  const scheme = ownScheme(provider);
  const isInBody = scheme.headers.length === 0 && scheme.coverage !== 'caller';

  it('takes in any value in any place of its body', async () => {
    if (json === undefined) return;
    // Making a signature with a private key takes a millisecond and more.
    const isSlow = /RSA|ECDSA|ES256/.test(scheme.title);
    for (const [turn, junk] of (isSlow ? JUNK.slice(0, 6) : JUNK).entries())
      // Each place gets a third of the values: the providers are many, and each value comes to every kind of place.
      for (const [place, changed] of [...changes(json, junk)].entries())
        if ((turn + place) % 3 === 0) await takesIn(provider, JSON.stringify(changed), headers);
  });

  it('takes in a body after a byte order mark, of doubled fields, and of another alphabet', async () => {
    if (isInBody || json === undefined) return;
    const text = body.toString();
    const doubled = text.replace(/\{"/, '{"id":"1","event_id":"1","type":"other","');
    for (const bytes of [`\ufeff${text}`, doubled, `${text}\n\n`, `\t${text}`])
      expect((await takesIn(provider, bytes, headers)).answer.status).toBeLessThan(300);
    await takesIn(provider, Buffer.from(text, 'utf16le'), headers);
    const { events } = await takesIn(provider, body, headers);
    const latin = { ...headers, 'content-type': 'application/json; charset=iso-8859-1' };
    if ('content-type' in headers) return;
    expect((await takesIn(provider, body, latin)).events.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
  });

  it('takes in what nests deep in every object of its body, as the rest of it', async () => {
    if (isInBody || json === undefined) return;
    const text = deepened(body.toString());
    expect((await takesIn(provider, text, headers)).answer.status).toBeLessThan(300);
  });

  it('takes in any text in the headers that name an event', async () => {
    for (const name of Object.keys(headers))
      for (const junk of JUNK.filter((each) => typeof each === 'string'))
        await takesIn(provider, body, { ...headers, [name]: junk });
  });

  it('reads its own signature beside those of other schemes, if its header is a list of named ones', async () => {
    const of = signed(provider, body, { headers });
    const carrier = scheme.headers.find(({ carries }) => carries === 'signature')?.name;
    if (carrier === undefined) return;
    const header = headerOf(of, carrier);
    const separator = /^\w+=\w+([,;])\w+=/.exec(header)?.[1];
    const others = [
      ...(separator === undefined ? [] : [`${header}${separator}v9=00`, `v9=00${separator}${header}`]),
      ...(/^v\d,/.test(header) ? [`${header} v9,AAAA`, `v9,AAAA ${header}`] : []),
    ];
    for (const other of others)
      expect((await answerTo(provider, withHeader(of, carrier, [other]))).answer.status).toBeLessThan(300);
    // A name that is an object's own from the beginning is not one either.
    for (const name of ['__proto__', 'constructor'])
      expect((await answerTo(provider, withHeader(of, carrier, [`${name}=${header}`]))).answer.status).toBeLessThan(
        500,
      );
  });

  it('refuses a signature in another writing, or takes it for the same bytes', async () => {
    const of = signed(provider, body, { headers });
    for (const { name, carries } of scheme.headers) {
      if (carries !== 'signature' || !of.headers.has(name)) continue;
      const text = headerOf(of, name);
      const writings = [
        ...[text.toUpperCase(), text.toLowerCase(), text.replace(/=+$/, ''), `${text}=`, `${text}\r\n`, ` ${text}`],
        ...[text.replaceAll('+', '-').replaceAll('/', '_'), text.replaceAll('=', '%3D'), `${text},${text}`],
        ...[Array.from({ length: 500 }, () => text).join(','), Array.from({ length: 40 }, () => 'v1,x').join(' ')],
      ];
      for (const writing of writings) {
        const { answer, events } = await answerTo(provider, withHeader(of, name, [writing]));
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 300) expect(events).toEqual([]);
      }
    }
  });
});

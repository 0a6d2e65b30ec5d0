import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import type { Delivery } from '../lambdas/core/delivery.ts';
import type { Options } from '../lambdas/core/envelope.ts';
import { NO_FINGERPRINT } from '../lambdas/core/fingerprint.ts';
import { sha256 } from '../lambdas/core/hash.ts';
import { secretShapeFlaw } from '../lambdas/core/provider-secret.ts';
import { identityOf, schemeOf } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import { identifyAll } from '../lambdas/core/receive/identify.ts';
import { providerFlaw } from '../lib/config/provider-check.ts';
import { altered, flipped, lastAltered, withHeader } from './alterations.ts';
import { recordedIn } from './recorded.ts';
import type { Recorded } from './recorded.ts';
import { sourceOf } from './sample-source.ts';

/** One check of a provider. `run` throws an AssertionError that says what is wrong. */
export interface ProviderCheck {
  readonly name: string;
  readonly run: () => void;
}

/**
 * The checks of a provider of your own, for any runner of tests: `for (const { name, run } of providerChecks(…)) test(name, run)`.
 * A provider that signs and verifies by the same mistake agrees with itself, so they rest on deliveries that were recorded.
 *
 * @param folder the folder of the recorded deliveries: `created.body` and `created.json` of each
 */
export function providerChecks(provider: Provider, folder: string): ProviderCheck[] {
  const all = recordedIn(folder);
  const finished = all.filter(({ fillIn }) => fillIn === undefined);
  return [
    { name: `${provider.name} can be used`, run: () => assert.equal(providerFlaw(provider), undefined) },
    {
      name: `${provider.name} has a delivery that was signed elsewhere`,
      run: () => {
        const template = all.find(({ fillIn }) => fillIn !== undefined);
        assert.ok(
          finished.length > 0,
          template ? `${template.name}.json: ${template.fillIn ?? ''}` : `no delivery in ${folder}`,
        );
      },
    },
    {
      name: `${provider.name} reads a recorded delivery as an event that a handler gets`,
      run: () => {
        const reasons = finished.map((recorded) => {
          const [event] = eventsIn(provider, recorded);
          return event ? event.quarantine : 'it carries no event';
        });
        assert.ok(reasons.includes(undefined), `none of them: ${reasons.join(', ')}`);
      },
    },
    ...finished.flatMap((recorded) => recordedChecks(provider, recorded)),
  ];
}

/** The options of a source, with the URL that the provider has if it signs it. */
function optionsFor(provider: Provider, { publicUrl, url }: Recorded): Options {
  const { options } = sourceOf(provider, {});
  return schemeOf(provider, options).signsUrl === true ? { ...options, publicUrl: publicUrl ?? url } : options;
}

const deliveryOf = (provider: Provider, { url, headers, body }: Recorded): Delivery => ({
  method: provider.methods[0],
  url,
  headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]] as const)),
  body,
});

function eventsIn(provider: Provider, recorded: Recorded, delivery = deliveryOf(provider, recorded)) {
  const verdict = { ok: true, secret: { label: 'current', versionId: 'test' } } as const;
  const source = { ...sourceOf(provider, {}), options: optionsFor(provider, recorded) };
  return identifyAll({ delivery, verdict, receivedAt: recorded.now }, source);
}

/** The checks of one recorded delivery. */
export function recordedChecks(provider: Provider, recorded: Recorded): ProviderCheck[] {
  const options = optionsFor(provider, recorded);
  const scheme = schemeOf(provider, options);
  const { secrets, now } = recorded;
  const received = deliveryOf(provider, recorded);
  const isAccepted = (of: Delivery, secret: string, at = now, own: Options = options): boolean => {
    const read = scheme.read(of, { now: at, options: own });
    if (!read.ok) return false;
    if (!('keyFor' in read.value)) return read.value.matches(secret);
    return recorded.publicKey !== undefined && read.value.matches(secret, createPublicKey(recorded.publicKey));
  };
  const refused = (of: Delivery, part: string, own = options): void =>
    assert.ok(!isAccepted(of, secrets.current, now, own), `it is accepted with another ${part}`);
  const keysOf = (of: Delivery): readonly string[] => eventsIn(provider, recorded, of).map(({ key }) => key);
  const own = scheme.headers.filter(({ name }) => received.headers.has(name));
  const window = scheme.replayWindowSeconds;
  return [
    ['is the body that was signed', () => assert.equal(sha256(recorded.body), recorded.bodySha256)],
    [
      'is accepted with each of its secrets, which are written as the provider writes them',
      () => {
        for (const secret of Object.values(secrets)) {
          assert.ok(isAccepted(received, secret), 'it is refused');
          assert.equal(secretShapeFlaw(provider, options, secret), undefined);
        }
      },
    ],
    [
      'is refused if a signed part is altered',
      () => {
        const carriers = own.filter(({ carries }) => carries === 'signature' || carries === 'token');
        // All at once: a delivery may be signed with several secrets, or in several ways.
        if (carriers.length > 0)
          refused(
            carriers.reduce((of, { name }) => withHeader(of, name, altered(of.headers.get(name)?.[0] ?? '')), received),
            'signature',
          );
        for (const { name, carries } of own.filter((header) => !carriers.includes(header))) {
          // A part that names the key to fetch is proved by that key.
          if (scheme.fetchesKeys === true && carries === 'part') continue;
          refused(withHeader(received, name, lastAltered(received.headers.get(name)?.[0] ?? '')), name);
        }
        for (const { name } of own.filter(({ optional }) => optional !== true))
          refused(withHeader(received, name), `set of headers: without ${name}`);
        if (scheme.coverage === 'body')
          for (const at of new Set(
            [0, recorded.body.length >> 1, recorded.body.length - 1].filter((index) => index >= 0),
          ))
            refused({ ...received, body: flipped(recorded.body, at) }, `byte ${at} of the body`);
        if (scheme.signsUrl === true)
          refused(received, 'URL', { ...options, publicUrl: `${recorded.publicUrl ?? recorded.url}/more` });
      },
    ],
    [
      'is refused with another secret',
      () => {
        if (scheme.fetchesKeys === true) return;
        const other = scheme.secretFrom('another secret').stored;
        assert.ok(!isAccepted(received, other), 'it is accepted with any secret');
        assert.ok(!isAccepted(received, ''), 'it is accepted with an empty secret');
      },
    ],
    [
      'has a key that no unsigned header changes',
      () => {
        const keys = keysOf(received);
        // Such an event says itself that nothing proves what it is of.
        const isUnproved = eventsIn(provider, recorded).some(({ fingerprint }) => fingerprint === NO_FINGERPRINT);
        if (identityOf(provider, options) === 'unsigned header' || isUnproved) return;
        const unsigned = [...received.headers.keys()].filter(
          (name) => !scheme.headers.some((each) => each.name === name),
        );
        for (const name of ['x-request-id', 'user-agent', ...unsigned].filter((each) => each !== 'content-type'))
          assert.deepEqual(
            keysOf(withHeader(received, name, 'another')),
            keys,
            `the unsigned header ${name} changes the key`,
          );
      },
    ],
    [
      'is refused outside of its window',
      () => {
        if (window === undefined) return;
        for (const seconds of [-2 * window - 1, 2 * window + 1])
          assert.ok(
            !isAccepted(received, secrets.current, new Date(now.getTime() + seconds * 1000)),
            `it is accepted ${seconds} s later`,
          );
      },
    ],
    [
      'has a secret that is no nonsense',
      () => {
        const nonsense = provider.secret.parts ? ['', 'no JSON', '{}', '[]'] : ['', '{"a":"b"}'];
        for (const text of nonsense)
          assert.ok(
            secretShapeFlaw(provider, options, text) !== undefined,
            `${JSON.stringify(text)} is taken for a secret`,
          );
      },
    ],
  ].map(([name, run]) => ({ name: `${provider.name}/${recorded.name} ${String(name)}`, run: run as () => void }));
}

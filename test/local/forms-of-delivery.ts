import { identityOf, sampleOf } from '../../lambdas/core/provider.ts';
import { Received } from '../../lambdas/core/received.ts';
import { OBJECT } from '../../lambdas/core/content.ts';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';

/** The kinds of what the contract has for a provider, as far as they go another way through the gateway: each a name. */
export function formsOf(provider: Provider): readonly string[] {
  const { content = [OBJECT], batches = false, handshakes = {}, methods, secret } = provider;
  const { coverage, signsUrl = false, fetchesKeys = false, headers } = schemeOf(provider, {});
  const handshakeKinds = Object.keys(handshakes).flatMap((kind) => {
    const others = methods.filter((method) => method !== 'POST');
    const isByMethod = kind === 'echo' || kind === 'challenge';
    return isByMethod ? (others.length > 0 ? others : ['POST']).map((method) => `${kind} by ${method}`) : [kind];
  });
  return [
    ...content.map(({ name }) => `body: ${name}`),
    `${coverage} covered`,
    `identity: ${identityOf(provider, {})}`,
    ...handshakeKinds.map((kind) => `handshake: ${kind}`),
    `answer: ${answerOf(provider)}`,
    ...(batches ? ['several events'] : []),
    ...(secret.parts ? ['several credentials'] : []),
    ...(signsUrl ? ['signed URL'] : []),
    ...(fetchesKeys ? ['fetched keys'] : []),
    ...(headers.length === 0 ? ['signature in the body'] : []),
  ];
}

/** The kind of answer to a delivery that is safe. */
function answerOf(provider: Provider): string {
  const { body, headers } = sampleOf(provider, { id: '1', now: new Date(0) });
  const came = new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const received = new Received({ method: 'POST', url: '', headers: came, body }, { now: new Date(0), options: {} });
  const own = provider.acknowledge?.(received, secretFrom(provider, {}, 'seed').stored);
  // The default answer is JSON too.
  if (own === undefined || typeof own.body === 'object') return 'JSON';
  return own.body === undefined ? 'empty' : 'text';
}

/** Several samples of a provider as one delivery: their lists one behind the other, or their lines. */
export function joined(bodies: readonly Buffer[]): Buffer {
  const texts = bodies.map((body) => body.toString());
  if (texts.every((text) => text.endsWith('}\n'))) return Buffer.from(texts.join(''));
  return Buffer.from(JSON.stringify(texts.map((text): unknown => JSON.parse(text)).reduce(merged)));
}

function merged(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as unknown[]), ...(other as unknown[])];
  const areObjects = [one, other].every((each) => typeof each === 'object' && each !== null);
  if (!areObjects) return one;
  const [first, second] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  return Object.fromEntries(Object.entries(first).map(([name, value]) => [name, merged(value, second[name])]));
}

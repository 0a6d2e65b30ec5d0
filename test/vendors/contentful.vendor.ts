import { contentful } from '../../lambdas/providers/contentful.ts';
import { agrees, load } from './oracle.ts';

interface Canonical {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { verifyRequest, signRequest } = await load<{
  verifyRequest: (secret: string, request: Canonical, secondsToLive: number) => boolean;
  signRequest: (secret: string, request: Canonical, timestamp: number) => Record<string, string>;
}>('@contentful/node-apps-toolkit/requests');

/** The toolkit takes secrets of 64 characters alone, as Contentful makes them. */
const padded = (secret: string): string => secret.padEnd(64, '.').slice(0, 64);

agrees('@contentful/node-apps-toolkit', {
  provider: { ...contentful, scheme: withPaddedSecrets() },
  accepts: ({ text, headers, secret, url }) =>
    verifyRequest(padded(secret), { method: 'POST', path: new URL(url).pathname, headers, body: text }, 30),
  signs: ({ text, secret, now, url }) => {
    const headers = { 'x-contentful-topic': 'ContentManagement.Entry.publish' };
    const request = { method: 'POST', path: new URL(url).pathname, headers, body: text };
    return { ...headers, ...signRequest(padded(secret), request, now.getTime()) };
  },
  differences: {
    'bytes that are not UTF-8': 'the toolkit hashes text',
    'a signature in upper case': 'the toolkit compares text',
    'an hour ahead': 'the toolkit refuses only what is too old',
    'a minute ahead': 'the toolkit refuses only what is too old',
  },
});

function withPaddedSecrets(): typeof contentful.scheme {
  const { scheme } = contentful;
  const pairOf = (seed: string) => ({ stored: padded(seed), signing: padded(seed) });
  return { ...scheme, secretFrom: pairOf };
}

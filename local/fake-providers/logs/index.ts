import type { TokenEndpoint } from '../token-endpoint.ts';
import { fakeGithub } from './github.ts';
import type { FakeLog } from './log.ts';
import { fakeStripe } from './stripe.ts';
import { fakeSvix } from './svix.ts';

/** The stand-ins for the providers that have a log, by provider: one line each. */
export const fakeLogs = (
  _tokens: Pick<TokenEndpoint, 'isAuthorized'>,
  clock?: () => number,
): Readonly<Record<string, FakeLog>> => ({
  github: fakeGithub(clock),
  stripe: fakeStripe(),
  svix: fakeSvix(),
});

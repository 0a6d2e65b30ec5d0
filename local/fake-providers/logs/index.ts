import type { TokenEndpoint } from '../token-endpoint.ts';
import { fakeElation } from './elation.ts';
import { fakeGocardless } from './gocardless.ts';
import { fakeOkta } from './okta.ts';
import { fakeMetriport } from './metriport.ts';
import { fakePaddle } from './paddle.ts';
import { fakeTelnyx } from './telnyx.ts';
import { fakeTwilio } from './twilio.ts';
import { fakeGithub } from './github.ts';
import type { FakeLog } from './log.ts';
import { fakeStripe } from './stripe.ts';
import { fakeSvix } from './svix.ts';

/** The stand-ins for the providers that have a log, by provider: one line each. */
export const fakeLogs = (
  tokens: Pick<TokenEndpoint, 'isAuthorized'>,
  clock?: () => number,
): Readonly<Record<string, FakeLog>> => ({
  elation: fakeElation(tokens),
  github: fakeGithub(clock),
  gocardless: fakeGocardless(),
  metriport: fakeMetriport(),
  okta: fakeOkta(),
  paddle: fakePaddle(),
  stripe: fakeStripe(),
  svix: fakeSvix(),
  telnyx: fakeTelnyx(),
  twilio: fakeTwilio(),
});

/*
 * A simulation of what stands before a source's function: AWS WAF's rules by address, then API Gateway's throttle of the method.
 *
 * WAF counts an address's requests over the last five minutes and looks at the count every 10 s or so, so that a limit bites late
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html). The throttle is a token
 * bucket. Requests that come in one second are mixed in it: each has the same chance of a token.
 */

/** The limits that the template states. */
export interface Defence {
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** Requests of one address in five minutes. */
  readonly perAddress: number;
  /** Requests of one address in five minutes that cannot be authentic. */
  readonly unsigned: number;
}

export interface Flood {
  readonly addresses: number;
  /** Requests of each address in a second. */
  readonly perSecond: number;
  /** Whether they carry a header that looks like a signature. */
  readonly signed: boolean;
}

export interface Outcome {
  /** Share of the provider's deliveries that reach the function. */
  readonly delivered: number;
  /** Share of the flood's requests that the firewall refused. */
  readonly blocked: number;
}

const SECONDS = 3600;
const WINDOW = 300;
const LOOK_EVERY = 10;
/** The provider's deliveries, from an address that the flood does not use. */
const PROVIDER_PER_SECOND = 5;

/** Counts of addresses to try, in steps of a tenth. */
export const LEAST_ADDRESSES: readonly number[] = Array.from({ length: 60 }, (_, step) => Math.ceil(10 * 1.1 ** step));

/** The outcome of an hour of the flood. All its addresses do the same, so that one is reckoned for all. */
export function outcomeOf(defence: Defence, { addresses, perSecond, signed }: Flood): Outcome {
  const limit = signed ? defence.perAddress : Math.min(defence.perAddress, defence.unsigned);
  const counted: number[] = [];
  let inWindow = 0;
  let isBlocked = false;
  let tokens = defence.burst;
  let delivered = 0;
  let blocked = 0;
  for (let second = 0; second < SECONDS; second += 1) {
    if (second % LOOK_EVERY === 0) isBlocked = inWindow > limit;
    counted.push(perSecond);
    inWindow += perSecond - (counted.length > WINDOW ? (counted.shift() ?? 0) : 0);
    const attacking = isBlocked ? 0 : addresses * perSecond;
    blocked += isBlocked ? addresses * perSecond : 0;
    tokens = Math.min(defence.burst, tokens + defence.requestsPerSecond);
    const asked = attacking + PROVIDER_PER_SECOND;
    const share = Math.min(1, tokens / asked);
    tokens -= share * asked;
    delivered += share * PROVIDER_PER_SECOND;
  }
  return {
    delivered: delivered / (PROVIDER_PER_SECOND * SECONDS),
    blocked: blocked / (addresses * perSecond * SECONDS),
  };
}

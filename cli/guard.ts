import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostnameOf, isLoopbackName } from './loopback.ts';

/** Why a request is refused before anything acts on it. */
export type Refusal = 'bad_request_target' | 'host_not_allowed' | 'cross_site' | 'forwarded' | 'not_authorized';

/**
 * Why a request may not pass, or undefined if it may. Everything that listens on this machine asks this first, because a web
 * page in the developer's browser can send requests here too:
 *
 * - The request target is a path. An absolute one (`GET http://other.example/`) would have a host of its own.
 * - The Host is this machine's by a name that cannot be made to point elsewhere: a page that has its own name point here
 *   ("DNS rebinding") sends that name. `isAllowed` may let in more names.
 * - A browser says where a request comes from, in `Origin`, `Sec-Fetch-Site` or both: nowhere else but here, or the person
 *   at the browser.
 */
export function refusalOf(
  { url = '', headers, rawHeaders }: IncomingMessage,
  isAllowed: (hostname: string) => boolean = () => false,
): Refusal | undefined {
  if (!/^\/(?!\/)/.test(url)) return 'bad_request_target';
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  const hostname = hostnameOf(headers.host);
  if (hosts !== 1 || hostname === undefined) return 'host_not_allowed';
  if (!isLoopbackName(hostname) && !isAllowed(hostname)) return 'host_not_allowed';
  return isFromElsewhere(headers) ? 'cross_site' : undefined;
}

function isFromElsewhere({ host = '', origin, 'sec-fetch-site': site }: IncomingMessage['headers']): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const own = host.toLowerCase();
  return origin !== undefined && origin !== `http://${own}` && origin !== `https://${own}`;
}

/** Why a request with this token may not pass, or undefined if it may: the rules of {@link refusalOf}, and no browser at all. */
export function refusalWithout(token: string, given: unknown, request: IncomingMessage): Refusal | undefined {
  const refusal = refusalOf(request);
  if (refusal) return refusal;
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined || site !== undefined) return 'cross_site';
  return isToken(token, given) ? undefined : 'not_authorized';
}

function isToken(token: string, given: unknown): boolean {
  const [expected, actual] = [Buffer.from(token), Buffer.from(typeof given === 'string' ? given : '')];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Headers by which a proxy says that it hands on a request of somebody else. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'cf-connecting-ip', 'via'];

/** Whether a proxy or a tunnel hands a request on: it may come from anywhere, whatever its Host says. */
export const isForwarded = ({ headers }: IncomingMessage): boolean => FORWARDED.some((name) => name in headers);

/** HTTP status of a refusal. */
export const statusOf = (refusal: Refusal): number => (refusal === 'bad_request_target' ? 400 : 403);

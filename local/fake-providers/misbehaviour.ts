import { writeJson } from '../../lambdas/core/json.ts';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiAnswer, ApiRequest } from './fake-api.ts';

/** How a stand-in misbehaves: towards which requests, how, and how often. */
export const Misbehaviour = z.strictObject({
  /** Part of the path. Default: every request. */
  path: z.string().default(''),
  method: z.string().optional(),
  /**
   * `status` answers with that status; `malformed` with JSON that breaks off; `html` with a page; `slow` after a while; `cut`
   * ends the connection in the middle of the answer.
   */
  kind: z.enum(['status', 'malformed', 'html', 'slow', 'cut']),
  status: z.int().min(300).max(599).default(500),
  /** Seconds, for the header `Retry-After`. */
  retryAfter: z.int().min(0).optional(),
  /** Milliseconds before a slow answer. */
  delayMs: z.int().min(0).default(60_000),
  times: z.int().min(1).default(1),
});
export type Misbehaviour = z.input<typeof Misbehaviour>;
type Rule = z.output<typeof Misbehaviour>;

export interface Misbehaviours {
  add(rule: Misbehaviour): void;
  clear(): void;
  /** The rule that this request meets, if any; counts it. */
  take(request: ApiRequest): Rule | undefined;
}

export function misbehaviours(): Misbehaviours {
  let rules: Rule[] = [];
  return {
    add: (rule) => void rules.push(Misbehaviour.parse(rule)),
    clear: () => void (rules = []),
    take({ method, url }) {
      const rule = rules.find((each) => url.pathname.includes(each.path) && (each.method ?? method) === method);
      if (!rule) return undefined;
      rule.times--;
      rules = rules.filter(({ times }) => times > 0);
      return rule;
    },
  };
}

/** Sends an answer, spoilt as the rule says. */
export async function sendAnswer(
  response: ServerResponse,
  answer: ApiAnswer,
  rule: Rule | undefined,
  ended: AbortSignal,
): Promise<void> {
  if (rule?.kind === 'slow') await sleep(rule.delayMs, undefined, { signal: ended }).catch(() => undefined);
  const text = typeof answer.body === 'string' ? answer.body : writeJson(answer.body ?? {});
  const json = { 'content-type': 'application/json', ...answer.headers };
  switch (rule?.kind) {
    case 'status': {
      const retryAfter = rule.retryAfter === undefined ? {} : { 'retry-after': String(rule.retryAfter) };
      response.writeHead(rule.status, { 'content-type': 'application/json', ...retryAfter });
      return void response.end('{"error":"as asked for"}');
    }
    case 'malformed':
      response.writeHead(200, json);
      return void response.end('[{"id": "cut-o');
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<!doctype html><title>Sign in</title>');
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': Buffer.byteLength(text) + 1 });
      return void response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.destroy());
    default:
      response.writeHead(answer.status, json);
      return void response.end(text);
  }
}

import { z } from 'zod';

/** A fault to inject: what it meets, how often, and what then becomes of the call. */
export const FaultRule = z.strictObject({
  service: z.string().min(1),
  action: z.string().min(1).optional(),
  /** The physical name of the calling function. */
  function: z.string().min(1).optional(),
  /** A text that the request's body contains: tells calls of one action apart. */
  contains: z.string().min(1).optional(),
  /** How many calls pass before the first that fails. */
  skip: z.int().min(0).default(0),
  /** How many calls fail; each counts, also an SDK's own retries. */
  times: z.int().min(1).default(1),
  /** The part of the calls, 0 to 1, that fails. */
  probability: z.number().min(0).max(1).default(1),
  /**
   * `error` answers with `status` and `code`; `reset` ends the connection; `timeout` leaves the call without an answer; `slow`
   * waits `delayMs`, and then does the call, or gives the answer, as if nothing had been.
   */
  kind: z.enum(['error', 'reset', 'timeout', 'slow']).default('error'),
  /** Whether the call takes effect before the fault: done, and the answer lost. */
  after: z.boolean().default(false),
  status: z.int().min(400).max(599).default(500),
  /** The name of the exception. */
  code: z.string().min(1).default('InternalFailure'),
  delayMs: z.int().min(1).max(60_000).default(1_000),
});
export type FaultRule = z.input<typeof FaultRule>;

/** The call that a fault may meet. */
export interface FaultTarget {
  readonly service: string;
  readonly action: string;
  readonly function?: string | undefined;
  readonly body?: Buffer;
}

export type Fault = Pick<z.output<typeof FaultRule>, 'kind' | 'after' | 'status' | 'code' | 'delayMs'>;

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The rules with what is left of `skip` and `times`. */
  list(): readonly FaultRule[];
  /** The fault that this call meets, if any; counts it. */
  take(call: FaultTarget): Fault | undefined;
}

/** The faults that are to be injected. The oldest rule that matches a call, and meets it by its probability, is used first. */
export function faults(random: () => number = Math.random): Faults {
  let rules: z.output<typeof FaultRule>[] = [];
  return {
    add: (rule) => void rules.push(FaultRule.parse(rule)),
    clear: () => void (rules = []),
    list: () => rules.map((rule) => ({ ...rule })),
    take(call) {
      const rule = rules.find(
        (candidate) => matches(candidate, call) && (candidate.probability === 1 || random() < candidate.probability),
      );
      if (!rule) return undefined;
      if (rule.skip > 0) {
        rule.skip--;
        return undefined;
      }
      rule.times--;
      if (rule.times === 0) rules = rules.filter((other) => other !== rule);
      return rule;
    },
  };
}

const matches = (rule: FaultRule, call: FaultTarget): boolean =>
  rule.service === call.service &&
  (rule.action === undefined || rule.action === call.action) &&
  (rule.function === undefined || rule.function === call.function) &&
  (rule.contains === undefined || (call.body?.includes(rule.contains) ?? false));

import { z } from 'zod';

/** A fault to inject: what it meets, how often, and the error that is answered in place of the call. */
export const FaultRule = z.strictObject({
  service: z.string().min(1),
  action: z.string().min(1).optional(),
  /** The physical name of the calling function. */
  function: z.string().min(1).optional(),
  /** How many calls fail; each counts, also an SDK's own retries. */
  times: z.int().min(1).default(1),
  status: z.int().min(400).max(599).default(500),
  /** The name of the exception. */
  code: z.string().min(1).default('InternalFailure'),
});
export type FaultRule = z.input<typeof FaultRule>;

/** The call that a fault may meet. */
export interface FaultTarget {
  readonly service: string;
  readonly action: string;
  readonly function?: string | undefined;
}

export interface Fault {
  readonly status: number;
  readonly code: string;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The rules with the number of times that are left. */
  list(): readonly FaultRule[];
  /** The fault that this call meets, if any; counts it. */
  take(call: FaultTarget): Fault | undefined;
}

/** The faults that are to be injected. The oldest rule that matches a call is used first. */
export function faults(): Faults {
  let rules: (z.output<typeof FaultRule> & { times: number })[] = [];
  return {
    add: (rule) => void rules.push(FaultRule.parse(rule)),
    clear: () => void (rules = []),
    list: () => rules.map((rule) => ({ ...rule })),
    take(call) {
      const rule = rules.find((candidate) => matches(candidate, call));
      if (!rule) return undefined;
      rule.times--;
      if (rule.times === 0) rules = rules.filter((other) => other !== rule);
      return { status: rule.status, code: rule.code };
    },
  };
}

const matches = (rule: FaultRule, call: FaultTarget): boolean =>
  rule.service === call.service &&
  (rule.action === undefined || rule.action === call.action) &&
  (rule.function === undefined || rule.function === call.function);

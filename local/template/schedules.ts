import { z } from 'zod';
import type { FunctionConfig } from '../lambda/function-config.ts';
import type { Resolver } from './resolver.ts';
import { resourcesOf, TemplateError } from './template.ts';
import type { Template } from './template.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `rate(5 minutes)`, in milliseconds. The local gateway knows no other kind of schedule. */
const Rate = z.string().transform((text, context) => {
  const [, count, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? NaN);
  if (Number.isFinite(milliseconds)) return milliseconds;
  context.addIssue(`"${text}" is not a rate`);
  return z.NEVER;
});

const ScheduleProperties = z.object({
  ScheduleExpression: Rate,
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.object({ Arn: z.string(), Input: z.string().default('{}') }),
});

/** A function that is invoked again and again with the same payload. */
export interface LocalSchedule {
  readonly everyMs: number;
  readonly payload: string;
  readonly target: FunctionConfig;
}

/** The template's enabled schedules that invoke a function. */
export const readSchedules = (
  template: Template,
  { resolve }: Resolver,
  functions: readonly FunctionConfig[],
): LocalSchedule[] =>
  resourcesOf(template, resolve, 'AWS::Scheduler::Schedule', ScheduleProperties)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .map(({ logicalId, properties: { ScheduleExpression: everyMs, Target } }) => {
      const target = functions.find(({ arn }) => arn === Target.Arn);
      if (!target) throw new TemplateError(`${logicalId} invokes ${Target.Arn}, which is not a function of this stack`);
      return { everyMs, payload: Target.Input, target };
    });

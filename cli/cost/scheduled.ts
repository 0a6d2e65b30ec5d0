import { ENV } from '../../lambdas/contract.ts';
import { ESTIMATES } from './events.ts';
import type { Use } from './events.ts';
import type { CostedTemplate } from './costed-template.ts';

/** Minutes of CloudWatch's month. */
const MINUTES = 730 * 60;
const UNIT_MINUTES = { minute: 1, hour: 60, day: 1440 } as const;
/** Writes of a poll in the ledger, if it finds nothing: it takes the cursor, and notes its end. */
const WRITES_OF_POLL = 2;

/** A function that a schedule calls, and how often in a month. */
interface Scheduled {
  readonly memoryGb: number;
  readonly isPoller: boolean;
  readonly calls: number;
}

/** The functions of a template that run by a schedule, with no event at all. */
function scheduled({ Resources }: CostedTemplate): Scheduled[] {
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    if (Type !== 'AWS::Scheduler::Schedule') return [];
    const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(Properties.ScheduleExpression)) ?? [];
    if (every === undefined) throw new Error(`a schedule without a rate: ${String(Properties.ScheduleExpression)}`);
    const { Arn } = Properties.Target as { readonly Arn: { readonly 'Fn::GetAtt'?: readonly [string, string] } };
    const called = Resources[Arn['Fn::GetAtt']?.[0] ?? '']?.Properties ?? {};
    const { Variables = {} } = (called.Environment ?? {}) as { readonly Variables?: Readonly<Record<string, unknown>> };
    return {
      memoryGb: Number(called.MemorySize ?? 128) / 1024,
      isPoller: ENV.pollMaxEvents in Variables,
      calls: MINUTES / (Number(every) * UNIT_MINUTES[unit as keyof typeof UNIT_MINUTES]),
    };
  });
}

/** The use that schedules make of AWS in a month: polls for missed events above all, and the looks at the secrets' ages. */
export function scheduledUses(template: CostedTemplate): Use[] {
  const all = scheduled(template);
  const pollers = all.filter(({ isPoller }) => isPoller);
  const sum = (of: readonly Scheduled[], each: (one: Scheduled) => number): number =>
    of.reduce((total, one) => total + each(one), 0);
  const calls = sum(all, (one) => one.calls);
  const polls = sum(pollers, (one) => one.calls);
  const use = (component: string, price: Use['price'], quantity: number, because: string): Use => ({
    ...{ component, price, quantity, because },
  });
  return [
    use('EventBridge', 'scheduledCall', calls, 'polls, and looks at the ages of secrets'),
    use('Lambda', 'lambdaRequest', calls, 'the same'),
    use(
      'Lambda',
      'lambdaGbSecond',
      sum(all, (one) => one.calls * one.memoryGb * ESTIMATES.scheduledSeconds),
      'the same',
    ),
    use('CloudWatch', 'logGb', (calls * ESTIMATES.logBytes.invocation) / 1024 ** 3, 'log lines of the same'),
    use('DynamoDB', 'tableWrite', polls * WRITES_OF_POLL, 'polls: the cursor, and the end of each'),
    use('Secrets Manager', 'secretRequest', polls, 'polls: the credentials'),
    use('CloudWatch', 'metric', pollers.length, 'polls: that they succeed'),
  ];
}

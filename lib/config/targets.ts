import { z } from 'zod';
import { targetName } from '../../lambdas/core/target.ts';
import { httpsUrl, oneOf, section, text, wholeNumber } from './checks.ts';
import { sourceOutageSchema } from './flow.ts';
import { name } from './names.ts';
import { networkSchema } from './network.ts';
import type { NetworkConfig } from './network.ts';
import { sourceRetrySchema } from './retry.ts';
import type { PaceSettings } from './source-settings.ts';

/** The kinds of targets: services of AWS, and a URL. */
export const TARGET_KINDS = ['http', 'lambda', 'sqs', 'sns', 'step-functions', 'kinesis', 'firehose', 'bus'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** The ARN of each kind's resource. */
const ARNS: Readonly<Record<Exclude<TargetKind, 'http'>, readonly [pattern: string, example: string]>> = {
  lambda: [String.raw`lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?`, 'function'],
  sqs: [String.raw`sqs:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?`, 'queue'],
  sns: [String.raw`sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?`, 'topic'],
  'step-functions': [String.raw`states:[a-z0-9-]+:\d{12}:stateMachine:[\w-]+(:[\w-]+)?`, 'state machine'],
  kinesis: [String.raw`kinesis:[a-z0-9-]+:\d{12}:stream/[\w.-]+`, 'stream'],
  firehose: [String.raw`firehose:[a-z0-9-]+:\d{12}:deliverystream/[\w.-]+`, 'delivery stream'],
  bus: [String.raw`events:[a-z0-9-]+:\d{12}:event-bus/[\w./-]+`, 'event bus'],
};

/** A target as the stack builds it; what is absent is as for its source. */
export interface TargetConfig {
  /** `osigu.billing`. */
  readonly name: string;
  readonly kind: TargetKind;
  /** ARN, or URL. */
  readonly to: string;
  /** The types that it gets; absent if it gets all. */
  readonly types?: readonly string[];
  /** ARN of the customer-managed key under which the resource keeps what it gets. */
  readonly keyArn?: string;
  /** Seconds for one try. */
  readonly timeoutSeconds: number;
  readonly vpc?: NetworkConfig;
  readonly retry: {
    readonly attempts?: number;
    readonly firstDelaySeconds?: number;
    readonly maxDelaySeconds?: number;
  };
  readonly breaker?: boolean;
  readonly selfRepair?: boolean;
  readonly pace?: PaceSettings;
}

const pattern = text(
  /^[^\s].{0,199}$/,
  'must be a type of the provider, with * for any text: "invoice.*"; 200 characters at most',
);

/** KMS holds a call with a key against the key's own ARN: a grant on an alias lets nothing through. */
const keyArn = text(
  /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
  'must be the ARN of the key itself in KMS, not of an alias',
);

const COMMON = {
  name: name(24),
  kind: oneOf(TARGET_KINDS),
  types: z
    .array(pattern, { error: 'must be a list of types' })
    .min(1, { error: 'must name a type; leave it out for all' })
    .exactOptional(),
  timeoutSeconds: wholeNumber(1, 60).default(10),
  vpc: networkSchema.exactOptional(),
  retry: sourceRetrySchema,
  ...sourceOutageSchema,
} as const;

/** A URL is in the template and in a variable of the function: a password would be there too, and fetch takes none in a URL. */
const targetUrl = httpsUrl.refine(
  (url) => !/^(169\.254\.|\[fe[89ab]|\[::ffff:a9fe:)/.test(URL.parse(url)?.hostname ?? ''),
  {
    error: 'must not be a link-local address: AWS has the services of the function itself there',
  },
);

const http = section(
  { ...COMMON, url: targetUrl },
  { arn: 'a target of kind "http" has a url', keyArn: 'it is for AWS services' },
).transform(({ url, ...rest }) => ({ ...rest, to: url }));

const ofService = (kind: Exclude<TargetKind, 'http'>) => {
  const [expression, noun] = ARNS[kind];
  const arn = text(new RegExp(`^arn:aws[\\w-]*:${expression}$`), `must be the ARN of a ${noun}`);
  return section(
    { ...COMMON, arn, keyArn: keyArn.exactOptional() },
    { url: `a target of kind "${kind}" has an arn` },
  ).transform(({ arn: to, ...rest }) => ({ ...rest, to }));
};

/**
 * Days for which the events of a source with targets are remembered at least, unless its `windowDays` says otherwise. Between two
 * tries of the source can be 28: its message is 14 in the queue and 14 in the dead-letter queue. A target that forgot an event
 * within them would be handed it again.
 */
export const LEAST_TARGET_WINDOW_DAYS = 30;

/** Whatever else is wrong with a target of an unknown kind depends on the kind that is meant. */
const ofNoKind = z
  .looseObject({ kind: COMMON.kind }, { error: 'must be an object with a name and a kind' })
  .transform(() => z.NEVER);

/** How many targets a source has at most: their queues are in the environment of one function. */
const MOST_TARGETS = 10;

/** One target. The kind decides which keys there are. */
const target = z.unknown().transform((value, context) => {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const known = TARGET_KINDS.find((each) => each === kind);
  const schema = known === undefined ? ofNoKind : known === 'http' ? http : ofService(known);
  const { data, error } = schema.safeParse(value);
  for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
  return data ?? z.NEVER;
});

export const targetsSchema = z
  .array(target, { error: 'must be a list of targets' })
  .min(1, { error: 'must have a target; leave it out if there is none' })
  .max(MOST_TARGETS, { error: `must have ${MOST_TARGETS} targets at most` })
  .superRefine((targets, context) => {
    for (const [index, { name: given }] of targets.entries()) {
      const bare = given.replaceAll('-', '');
      const first = targets.findIndex((other) => other.name.replaceAll('-', '') === bare);
      if (first === index) continue;
      const message = `must differ from "${targets[first]?.name ?? ''}" in more than hyphens`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    }
  });

/** The targets of a source as the stack builds them. */
export const toTargets = (source: string, targets: z.output<typeof targetsSchema>): TargetConfig[] =>
  targets.map(({ name: own, kind, types, retry, vpc, breaker, selfRepair, pace, to, timeoutSeconds, ...rest }) => ({
    ...{ name: targetName(source, own), kind: kind as TargetKind, to, timeoutSeconds, retry: retry ?? {} },
    ...(types && { types }),
    ...('keyArn' in rest && typeof rest.keyArn === 'string' && { keyArn: rest.keyArn }),
    ...(vpc && { vpc }),
    ...(breaker !== undefined && { breaker }),
    ...(selfRepair !== undefined && { selfRepair }),
    ...(pace && { pace }),
  }));

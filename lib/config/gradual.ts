import { z } from 'zod';
import { flag, section } from './checks.ts';

/*
 * The ways in which CodeDeploy moves an alias without a configuration of one's own: 10 per cent first, the rest after so many
 * minutes. An account may have 50 configurations of its own, a quota that AWS does not raise, and none can be deleted while a
 * deployment group names it. Those of a gateway would run into both: two stages of 26 sources do not fit, and a changed setting would
 * take away what the stacks of the sources still use. The ready-made ones count for nothing, and are there in every account.
 */
const PERCENT = [10] as const;
const MINUTES = [5, 10, 15, 30] as const;

const READY_MADE = `CodeDeploy has its ready-made steps for ${PERCENT.join(', ')} per cent and ${MINUTES.join(', ')} minutes alone`;

/** One of a few whole numbers. */
const oneOfNumbers = <const Values extends readonly number[]>(values: Values) =>
  z.literal(values, { error: `must be ${values.join(' or ')}, because ${READY_MADE}` });

/**
 * A new version of a function takes so many per cent of the calls for so many minutes first. CloudFormation waits that long for each
 * source.
 */
export const gradualSchema = section({
  percent: oneOfNumbers(PERCENT).default(10),
  minutes: oneOfNumbers(MINUTES).default(10),
  deliveries: flag.default(false),
});

/** How new versions of the functions of a source come into force. */
export interface GradualConfig {
  /** The share of the calls that a new version gets first. */
  readonly percent: (typeof PERCENT)[number];
  /** Minutes after which it gets all of them. */
  readonly minutes: (typeof MINUTES)[number];
  /** Whether the API leads deliveries to versions of the verifier, and not to its newest code. */
  readonly deliveries: boolean;
}

/** The name of CodeDeploy's own configuration that moves an alias so. */
export const deploymentConfigName = ({ percent, minutes }: GradualConfig): string =>
  `CodeDeployDefault.LambdaCanary${percent}Percent${minutes}Minutes`;

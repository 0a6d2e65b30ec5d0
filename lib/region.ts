import { ConfigError } from './config/config.ts';

/**
 * The features that a region's partition offers. GovCloud lacks some features of the commercial regions, and CloudFormation
 * refuses a template that asks for them. The template is made for one partition; inside it every region can have it.
 */
export interface RegionFeatures {
  /** TLS policies named `SecurityPolicy_*` and the endpoint access mode. */
  readonly newTlsPolicies: boolean;
  /** The JSON log format of Lambda. Without it the lines of the functions are the same; Lambda's own lines are text. */
  readonly jsonLogFormat: boolean;
  /** Tags on the mappings from queues to functions. */
  readonly taggedMappings: boolean;
  /** A customer-managed key and a dead-letter queue of an event bus. */
  readonly guardedBus: boolean;
}

const all = (offered: boolean): RegionFeatures => ({
  newTlsPolicies: offered,
  jsonLogFormat: offered,
  taggedMappings: offered,
  guardedBus: offered,
});

/**
 * The features of a region; undefined stands for any commercial region. Throws a {@link ConfigError} for a region of China,
 * where API Gateway and AWS WAF differ in ways that nobody has tried with Hookgate.
 *
 * @param region as the environment names it: `us-gov-west-1`
 */
export function featuresOf(region: string | undefined): RegionFeatures {
  if (region?.startsWith('cn-')) {
    throw new ConfigError([`region: Hookgate does not support the regions of China; given: "${region}"`]);
  }
  return all(!region?.startsWith('us-gov-'));
}

import { ConfigError } from './config/config.ts';

/**
 * The features that a region's partition offers. GovCloud lacks some features of the commercial regions, and CloudFormation
 * refuses a template that asks for them. The template is made for one partition; inside it every region can have it.
 */
export interface RegionFeatures {
  /** TLS policies named `SecurityPolicy_*` and the endpoint access mode. */
  readonly newTlsPolicies: boolean;
  /**
   * The JSON log format of Lambda. Without it the lines of the functions are the same; Lambda's own lines are text, and it writes them
   * about each invocation.
   */
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

/** The partition of a region in its ARNs; undefined if it is none that Hookgate supports. */
export function partitionOf(region: string): string | undefined {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return /^(?!cn-|us-iso|eu-iso|eusc-)[a-z]{2}(-[a-z]+)+-\d+$/.test(region) ? 'aws' : undefined;
}

/**
 * The features of a region; undefined stands for any commercial region. Throws a {@link ConfigError} for a region of China or
 * of another partition of its own, whose services differ in ways that nobody has tried with Hookgate.
 *
 * @param region as the environment names it: `us-gov-west-1`
 */
export function featuresOf(region: string | undefined): RegionFeatures {
  if (region !== undefined && partitionOf(region) === undefined) {
    const which = region.startsWith('cn-')
      ? 'the regions of China'
      : 'regions that are neither commercial nor of GovCloud';
    throw new ConfigError([`region: Hookgate does not support ${which}; given: "${region}"`]);
  }
  return all(!region?.startsWith('us-gov-'));
}

import { section, text } from './checks.ts';
import { distinct } from './names.ts';

/** The place of a function in a network of the customer's. */
export interface NetworkConfig {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

const list = (kind: string, prefix: string, most: number) =>
  distinct(text(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be the id of a ${kind}: ${prefix}-0123456789abcdef0`))
    .min(1, { error: `must name a ${kind}` })
    .max(most, { error: `must name ${most} at most` });

/** The subnets of a function and its security groups; Lambda takes so many. */
export const networkSchema = section({
  subnetIds: list('subnet', 'subnet', 16),
  securityGroupIds: list('security group', 'sg', 5),
});

import { ConfigError } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import { partitionOf } from './region.ts';

/**
 * Refuses a configuration that no deployment can use: an address of this machine, and an ARN of another partition or region than
 * that of the deployment, if it is known. Throws a {@link ConfigError} that names each.
 */
export function refuseUndeployable({ sources, domain }: HookgateConfig, region?: string): void {
  const problems = sources.flatMap(({ name, options, means, targets = [] }) => [
    ...local(`sources.${name}.publicUrl`, options.publicUrl),
    ...(means?.layers ?? []).flatMap((arn, at) => elsewhere(`sources.${name}.handler.layers.${at}`, arn, region)),
    ...Object.entries(means?.secrets ?? {}).flatMap(([key, id]) =>
      abroad(`sources.${name}.handler.secrets.${key}`, id, region),
    ),
    ...targets.flatMap(({ to, keyArn }, at) => [
      ...local(`sources.${name}.targets.${at}.url`, to),
      ...abroad(`sources.${name}.targets.${at}.arn`, to, region),
      ...abroad(`sources.${name}.targets.${at}.keyArn`, keyArn, region),
    ]),
  ]);
  problems.push(...elsewhere('domain.certificateArn', domain?.certificateArn, region));
  if (problems.length > 0) throw new ConfigError(problems);
}

/** A plain-text URL can only be of this machine, which for a deployed function is the function's own. */
const local = (path: string, url: unknown): string[] =>
  typeof url === 'string' && /^(http:|https:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/?]|$))/i.test(url)
    ? [`${path}: must not be an address of this machine in a deployed gateway; given: "${url}"`]
    : [];

/** An ARN of another partition: nothing there can be reached. */
function abroad(path: string, arn: string | undefined, region: string | undefined): string[] {
  const [prefix, partition] = arn?.split(':') ?? [];
  const own = region === undefined ? undefined : partitionOf(region);
  return prefix !== 'arn' || own === undefined || partition === own
    ? []
    : [`${path}: must be of the partition "${own}", which is that of ${region}; given: "${arn}"`];
}

/** An ARN of a resource that CloudFormation takes from its own region alone. */
function elsewhere(path: string, arn: string | undefined, region: string | undefined): string[] {
  const problems = abroad(path, arn, region);
  if (arn === undefined || region === undefined || problems.length > 0 || arn.split(':')[3] === region) return problems;
  return [`${path}: must be in ${region}, the region of the deployment; given: "${arn}"`];
}

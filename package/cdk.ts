/** `hookgate/cdk`: the gateway for a CDK app that is there already. */
export { Hookgate } from '../lib/hookgate.ts';
export type { HookgateProps } from '../lib/hookgate.ts';
export { HookgateStack } from '../lib/hookgate-stack.ts';
export type { HookgateStackProps } from '../lib/hookgate-stack.ts';
export type { Surroundings } from '../lib/surroundings.ts';
export { SourceStack } from '../lib/source-stack.ts';
export { configFrom } from '../lib/config-file.ts';
export { ConfigError, resolveConfig } from '../lib/config/config.ts';
export type { HookgateConfig, SourceConfig } from '../lib/config/config.ts';

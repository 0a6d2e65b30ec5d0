import { createRequire } from 'node:module';
import { App } from 'aws-cdk-lib';
import { bundle as esbuildBundle } from './bundle.ts';
import type { Bundler } from './bundle.ts';
import type { HookgateConfig } from './config/config.ts';
import { stackName } from './config/stack-names.ts';
import { refuseUndeployable } from './deployable.ts';
import { HookgateStack } from './hookgate-stack.ts';
import { featuresOf } from './region.ts';

export interface AppOptions {
  /** Directory of the cloud assembly. Default: the one that the CDK CLI names, else a temporary one. */
  readonly outdir?: string;
  /** Whether CDK checks the template against CloudFormation's schemas, which takes most of a synth. Default: true. */
  readonly validate?: boolean;
  /** Default: esbuild bundles the handlers. */
  readonly bundle?: Bundler;
  /** The region of the deployment, as the environment names it. Default: any commercial region. */
  readonly region?: string | undefined;
  /** Whether it is made to be deployed, so that a critical alarm in production has to reach somebody. Default: false. */
  readonly isDeployed?: boolean;
}

/** CDK's recommended behaviour. It is here and not in cdk.json, so that every caller gets the same template. */
const FLAGS = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>;

/** The place in this code that made a resource helps nobody, and takes a sixth of a synth. CDK_DEBUG=1 brings it back. */
const NO_STACK_TRACES = { 'aws:cdk:disable-creation-stack-traces': true };

/** The CDK app of a configuration, for whatever account and region the CLI deploys to. */
export function makeApp(config: HookgateConfig, options: AppOptions = {}): App {
  const { outdir, validate = true, bundle = esbuildBundle, region, isDeployed = false } = options;
  const features = featuresOf(region);
  if (isDeployed) refuseUndeployable(config, region);
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    context: { ...FLAGS, ...NO_STACK_TRACES },
    builtinCloudFormationValidation: validate,
    analyticsReporting: false,
    treeMetadata: false,
  });
  new HookgateStack(app, stackName(config), { config, bundle, features, isDeployed });
  return app;
}

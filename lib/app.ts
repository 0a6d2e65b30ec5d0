import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource } from 'aws-cdk-lib';
import { bundle as esbuildBundle } from './bundle.ts';
import type { Bundler } from './bundle.ts';
import { ConfigError, REPOSITORY } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import { stackName } from './config/stack-names.ts';
import { HookgateStack } from './hookgate-stack.ts';
import { featuresOf } from './region.ts';
import type { RegionFeatures } from './region.ts';

export interface AppOptions {
  /** Directory of the cloud assembly. Default: the one that the CDK CLI names, else a temporary one. */
  readonly outdir?: string;
  /** Whether CDK checks the template against CloudFormation's schemas, which takes most of a synth. Default: true. */
  readonly validate?: boolean;
  /** Default: esbuild bundles the handlers. */
  readonly bundle?: Bundler;
  /** The region of the deployment, as the environment names it. Default: any commercial region. */
  readonly region?: string | undefined;
}

/** CDK's recommended behaviour. It is here and not in cdk.json, so that every caller gets the same template. */
const FLAGS = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>;

/** The CDK app of a configuration, for whatever account and region the CLI deploys to. */
export function makeApp(config: HookgateConfig, options: AppOptions = {}): App {
  const { outdir, validate = true, bundle = esbuildBundle, region } = options;
  const features = featuresOf(region);
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    context: FLAGS,
    builtinCloudFormationValidation: validate,
    analyticsReporting: false,
    treeMetadata: false,
  });
  checkThatItFits(config, features);
  new HookgateStack(app, stackName(config), { config, bundle, features });
  return app;
}

/** CloudFormation's quota of resources in a stack. */
const MOST_RESOURCES = 500;
/** Fewer sources than this fit, whatever they do. */
const SURELY_FIT = 6;

/** Throws a {@link ConfigError} if the sources make more resources than a stack takes: before any code is bundled. */
function checkThatItFits(config: HookgateConfig, features: RegionFeatures): void {
  const { length } = config.sources;
  if (length <= SURELY_FIT) return;
  const all = resourcesOf(config, features);
  if (all <= MOST_RESOURCES) return;
  const one = resourcesOf({ ...config, sources: config.sources.slice(0, 1) }, features);
  const most = 1 + Math.floor(((MOST_RESOURCES - one) * (length - 1)) / (all - one));
  throw new ConfigError([
    `sources: ${length} sources make ${all} resources, and a stack takes ${MOST_RESOURCES}: some ${most} of such sources fit; ` +
      'put the others into a second gateway with another `name`',
  ]);
}

/**
 * How many resources the stack of a configuration has. The code of the functions does not matter. The app is for counting alone: it
 * has a folder of its own, and is never synthesized, or it would write its template over that of the CLI's app.
 */
function resourcesOf(config: HookgateConfig, features: RegionFeatures): number {
  const outdir = mkdtempSync(join(tmpdir(), 'hookgate-count-'));
  try {
    const context = { ...FLAGS, 'aws:cdk:disable-asset-staging': true };
    const app = new App({ outdir, autoSynth: false, context, analyticsReporting: false, treeMetadata: false });
    const bundle = (): string => join(REPOSITORY, 'lib/config');
    const stack = new HookgateStack(app, stackName(config), { config, bundle, features });
    return stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)).length;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { Provider } from '../../lambdas/core/provider.ts';
import { makeApp } from '../../lib/app.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { mergeTemplates } from '../../local/template/merge.ts';
import type { Template as LocalTemplate } from '../../local/template/template.ts';
import settings from '../settings.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

export type Resources = Readonly<Record<string, Resource>>;

export interface SynthOptions {
  /** Default: the registry. */
  readonly providers?: ReadonlyMap<string, Provider>;
  /** Default: any commercial region. */
  readonly region?: string | undefined;
}

/** A stack's template, as CDK writes it: a part with nothing in it is left out. */
type SynthesizedTemplate = Pick<LocalTemplate, 'Resources'> & Partial<Omit<LocalTemplate, 'Resources'>>;

/** Synthesizes the stacks of a configuration, with code that stands in for the bundles: by default the tests' own. */
export function synthesizeStacks(
  changes?: Partial<Settings>,
  { providers, region }: SynthOptions = {},
): SynthesizedTemplate[] {
  const given = { ...settings, ...changes };
  const config = resolveConfig(given, { ...(providers && { providers }) });
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-stack-'));
  try {
    const [outdir, code] = [join(directory, 'cdk.out'), join(directory, 'code')];
    mkdirSync(code);
    writeFileSync(join(code, 'index.js'), 'exports.handler = async () => {};\n');
    const app = makeApp(config, { outdir, validate: false, bundle: () => code, region });
    return app.synth().stacks.map(({ template }) => copied(template) as SynthesizedTemplate);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The same as one template: what a resource is does not depend on the stack that it is in. */
export const synthesize = (changes?: Partial<Settings>, options?: SynthOptions): Template =>
  Template.fromJSON(
    mergeTemplates(
      synthesizeStacks(changes, options).map(({ Outputs = {}, Parameters = {}, Resources }) => ({
        ...{ Outputs, Parameters, Resources },
      })),
    ),
  );

/** The CDK's objects are of Node's own realm (test/host-packages.js): a copy is equal to a test's in the strict sense too. */
const copied = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const resources = new WeakMap<Template, Map<string | undefined, Resources>>();

export function resourcesOf(template: Template, type?: string): Resources {
  const known = resources.get(template) ?? new Map<string | undefined, Resources>();
  const found = known.get(type);
  if (found) return found;
  const made = copied(type === undefined ? template.toJSON().Resources : template.findResources(type)) as Resources;
  resources.set(template, known.set(type, made));
  return made;
}

export function resource(template: Template, logicalId: string): Resource {
  const found = resourcesOf(template)[logicalId];
  if (!found) throw new Error(`the template has no ${logicalId}`);
  return found;
}

/** The statements of a role's policies. */
export const statementsOf = (template: Template, role: string): Statement[] =>
  Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles) === JSON.stringify([{ Ref: role }]))
    .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);

export const outputsOf = (template: Template): Readonly<Record<string, { readonly Value: unknown }>> =>
  copied(template.toJSON().Outputs ?? {}) as Record<string, { Value: unknown }>;

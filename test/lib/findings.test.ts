import { describe, expect, it } from '@jest/globals';
import { App, Validations } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { makeApp } from '../../lib/app.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { HookgateStack } from '../../lib/hookgate-stack.ts';
import { ACKNOWLEDGED } from '../../lib/constructs/acknowledged-findings.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import settings from '../settings.ts';
import { temporaryDirectory } from '../local/temporary.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { readonly ruleName: string }[];
  }[];
}

const PACKS = ['AwsSolutions', 'HIPAA.Security'];

/** The findings of both packs that the app does not acknowledge. */
function findings(
  changes: Partial<Settings>,
  { change = () => undefined, env }: { readonly change?: (app: App) => void; readonly env?: Environment } = {},
): string[] {
  const directory = temporaryDirectory();
  try {
    const [outdir, code] = [join(directory.path, 'cdk.out'), join(directory.path, 'code')];
    mkdirSync(code);
    directory.write('code/index.js', 'exports.handler = async () => {};\n');
    const config = resolveConfig({ ...settings, ...changes });
    const bundle = () => code;
    const app = env
      ? new App({ outdir, builtinCloudFormationValidation: false })
      : makeApp(config, { outdir, validate: false, bundle });
    if (env) new HookgateStack(app, 'Webhooks', { config, bundle, env });
    change(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app));
    return quietly(() => app.synth()) ? [] : unacknowledged(join(outdir, 'validation-report.json'));
  } finally {
    directory.remove();
  }
}

/** Whether it goes well. CDK prints each finding, and then throws. */
function quietly(synth: () => void): boolean {
  const { error } = console;
  console.error = () => undefined;
  try {
    synth();
    return true;
  } catch {
    return false;
  } finally {
    console.error = error;
  }
}

const unacknowledged = (report: string): string[] =>
  (JSON.parse(readFileSync(report, 'utf8')) as Report).pluginReports
    .filter(({ pluginName }) => PACKS.includes(pluginName))
    .flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));

/** Takes back every acknowledgement. */
function forget(app: App): void {
  const forgetAt = ({ node }: IConstruct): void => {
    const { metadata } = node as unknown as { metadata: { type: string }[] };
    const kept = metadata.filter(({ type }) => type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
    Object.defineProperty(node, 'metadata', { value: kept });
  };
  for (const construct of app.node.findAll()) forgetAt(construct);
}

const everything: Partial<Settings> = {
  ...withFakeProviders(settings, 'https://api.example.com'),
  gradual: { deliveries: true },
  domain: {
    name: 'hooks.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
    hostedZone: { id: 'Z0123456789', name: 'example.com' },
    mutualTls: { truststore: 's3://trust/store.pem' },
  },
};

const arn = (text: string): string => `arn:aws:${text.replace(':', ':eu-central-1:123456789012:')}`;

/** A source with a target of each kind, in a gateway of few sources: each costs seconds. */
const withTargets: Partial<Settings> = {
  gradual: { deliveries: true },
  alarms: { elsewhere: true },
  sources: {
    // Its secret is rotated, and its missed events are fetched.
    optum: { provider: 'optum' },
    nabla: {
      provider: 'nabla',
      targets: [
        { name: 'http', kind: 'http', url: 'https://receiver.example.com/' },
        { name: 'lambda', kind: 'lambda', arn: arn('lambda:function:billing') },
        { name: 'sqs', kind: 'sqs', arn: arn('sqs:billing') },
        { name: 'sns', kind: 'sns', arn: arn('sns:billing') },
        { name: 'steps', kind: 'step-functions', arn: arn('states:stateMachine:billing') },
        { name: 'kinesis', kind: 'kinesis', arn: arn('kinesis:stream/billing') },
        { name: 'firehose', kind: 'firehose', arn: arn('firehose:deliverystream/billing') },
        { name: 'bus', kind: 'bus', arn: arn('events:event-bus/billing') },
      ],
    },
  },
};

describe("cdk-nag's packs AwsSolutions and HIPAA Security", () => {
  it.each<[string, Partial<Settings>]>([
    ['as it is configured', {}],
    ['with everything that it can do', everything],
    ['in production', { ...everything, stage: 'production' }],
  ])('find nothing in the stack that is not acknowledged: %s', (_what, changes) => {
    expect(findings(changes)).toStrictEqual([]);
  });

  it.each<[string, Environment | undefined]>([
    ['of a CDK app that names its account and region', { account: '123456789012', region: 'eu-central-1' }],
    ['of a CDK app that names its region', { region: 'us-gov-west-1' }],
    ['of an account and region that a deployment knows', undefined],
  ])('find nothing in the stacks %s, with a target of each kind', (_what, env) => {
    const partition = env?.region === 'us-gov-west-1' ? 'arn:aws-us-gov:' : 'arn:aws:';
    const settings = JSON.parse(JSON.stringify(withTargets).replaceAll('arn:aws:', partition)) as typeof withTargets;
    expect(findings(settings, env && { env })).toStrictEqual([]);
  });

  it('find what is acknowledged, each of it: nothing is acknowledged in vain', () => {
    const found = new Set(findings(everything, { change: forget }));
    const isFound = (rule: string): boolean => {
      const parts = rule.split(/\{\w+\}/);
      const pattern = new RegExp(`^${parts.map((part) => part.replaceAll(/[^\w ]/g, '\\$&')).join('.+')}$`);
      return [...found].some((name) => pattern.test(name));
    };
    const rules = ACKNOWLEDGED.flatMap(({ rules }) => rules);
    expect(rules.filter((rule) => !isFound(rule))).toStrictEqual([]);
    expect(found.size).toBeGreaterThanOrEqual(rules.length);
  });

  it('want a firewall, and a reservation is not acknowledged where there is one', () => {
    expect(findings({ waf: { enabled: false } })).toStrictEqual(['AwsSolutions-APIG3']);
    const reserved = { verifier: { reservedConcurrency: 20 }, processor: { reservedConcurrency: 20 } };
    expect(findings(reserved)).toStrictEqual([]);
  });
});

it('every acknowledgement says why', () => {
  for (const { reason } of ACKNOWLEDGED) expect(reason.split(' ').length).toBeGreaterThan(12);
});

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson, sandbox } from './sandbox.ts';
import type { Outcome } from './program.ts';
import type { Sandbox } from './sandbox.ts';

/*
 * The parts of a deployed gateway that others build on: the configuration, the stack's outputs and its metrics, seen from
 * outside alone. A change here is a change of a public interface, and takes a line in CHANGELOG.md.
 */

jest.setTimeout(180_000);

/** Every key that there is, at every level, but those that only another configuration can have. */
const EVERY_KEY = `{
  name: 'hookgate',
  stage: 'dev',
  production: false,
  maxBodyBytes: 1_000_000,
  retention: { logDays: 30, queueDays: 7 },
  archive: { retentionDays: 10 },
  alarms: { critical: ['critical@example.com'], warning: ['warning@example.com'] },
  throttle: { requestsPerSecond: 50, burst: 100 },
  waf: { enabled: true, requestsPerAddress: 1000 },
  domain: {
    name: 'hooks.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0123abcd',
    mutualTls: { truststore: 's3://bucket/truststore.pem', version: '1' },
  },
  verifier: { reservedConcurrency: 5 },
  processor: { timeoutSeconds: 20, batchSize: 5, maxConcurrency: 5, reservedConcurrency: 5 },
  sources: {
    optum: {
      provider: 'optum',
      options: {
        answerChallenge: true,
        baseUrl: 'https://optum.example.com',
        tokenUrl: 'https://optum.example.com/token',
        tenantId: 'tenant',
        subscriptionId: 'subscription',
        rotationDays: 30,
        updatePath: '/update/{subscriptionId}',
        missedEventsPath: '/missed/{subscriptionId}',
        acknowledgePath: '/acknowledge/{subscriptionId}',
        reopenPath: '/reopen/{subscriptionId}',
        subscriptionPath: '/subscription/{subscriptionId}',
      },
      poll: { everyMinutes: 5, maxEvents: 100, maxPages: 10 },
      windowDays: 100,
      previousGraceHours: 12,
      secretMaxAgeDays: 60,
      silenceAlarmHours: 24,
      handler: './contract-handler.ts',
      allowList: ['203.0.113.0/24', '2001:db8::1'],
    },
    'osigu-sandbox': { provider: 'osigu', environment: 'sandbox' },
    honeybee: { provider: 'honeybee', publicUrl: 'https://hooks.example.com/webhooks/honeybee?a=b' },
    nvsep: {
      provider: 'nvsep',
      options: { baseUrl: 'https://nvsep.example.com', reconcileFrom: '2026-01-01T00:00:00Z', pageSize: 50 },
    },
  },
}`;

const ZONE = `{
  domain: {
    name: 'hooks.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0123abcd',
    hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' },
  },
  sources: { osigu: { provider: 'osigu' } },
}`;

const NAMES_ALONE = `{
  sources: {
    optum: { provider: 'optum' },
    osigu: { provider: 'osigu' },
    honeybee: { provider: 'honeybee' },
    nvsep: { provider: 'nvsep' },
    nabla: { provider: 'nabla' },
    'second-nabla': { provider: 'nabla' },
  },
}`;

interface LambdaFunction {
  readonly Code: { readonly S3Key: string };
}

interface Template {
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

let copy: Sandbox;
/** All stacks of a cloud assembly, as their text too. */
function assembly(outdir: string) {
  const directory = join(copy.directory, outdir);
  const files = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  const templates = files.map((name) => readJson(join(directory, name)) as Template);
  const outputs = templates.flatMap(({ Outputs = {} }) =>
    Object.entries(Outputs).map(([name, { Value }]) => [name, JSON.stringify(Value)] as const),
  );
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  return { outputs: Object.fromEntries(outputs), resources, text: JSON.stringify(templates) };
}

async function synthesized(settings: string, outdir: string): Promise<Outcome> {
  copy.configure(settings);
  return copy.app(outdir);
}

const DONE = { code: 0, out: '', err: '' };

beforeAll(() => {
  copy = sandbox();
  writeFileSync(join(copy.directory, 'contract-handler.ts'), 'export const handler = async () => {};\n');
});
afterAll(() => {
  copy.remove();
});

describe('npm run synth, of sources that name their provider and nothing else', () => {
  beforeAll(async () => {
    copy.configure(NAMES_ALONE);
    expect(await copy.run('synth')).toEqual(DONE);
  });

  it('has the outputs that others read', () => {
    const { outputs } = assembly('cdk.out');
    const sources = { Optum: 'optum', Osigu: 'osigu', Honeybee: 'honeybee', Nvsep: 'nvsep', Nabla: 'nabla' };
    for (const [prefix, source] of Object.entries({ ...sources, SecondNabla: 'second-nabla' })) {
      expect(outputs[`${prefix}Url`]).toMatch(new RegExp(`https://.*\\.execute-api\\..*/webhooks/${source}"`));
      // The region is that of whoever deploys.
      expect(outputs[`${prefix}Url`]).toContain('{"Ref":"AWS::Region"}');
      expect(outputs[`${prefix}SecretName`]).toBe(`"hookgate/dev/${source}"`);
    }
    expect(Object.keys(outputs)).toEqual(
      expect.arrayContaining([
        ...['LedgerTable', 'ArchiveBucket', 'BodyBucket', 'EventBusName', 'RecordBucket'],
        ...['CriticalAlarmsArn', 'WarningAlarmsArn'],
      ]),
    );
  });

  it('has the code of each function in the folder that the CLI reads, and nothing that writes into it', () => {
    const directory = join(copy.directory, 'cdk.out');
    const { resources } = assembly('cdk.out');
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    // Two of each source, the rotator and the poller of each that has an API, and one that measures the age of secrets.
    expect(functions.length).toBeGreaterThan(2 * 6);
    for (const { Properties } of functions) {
      const { Code } = Properties as LambdaFunction;
      expect(existsSync(join(directory, `asset.${Code.S3Key.replace('.zip', '')}`, 'index.js'))).toBe(true);
    }
  });

  it('has alarms and a dashboard on metrics of the namespace Hookgate by source', () => {
    const { text } = assembly('cdk.out');
    const metrics = ['Received', 'Accepted', 'Duplicate', 'Conflict', 'Rejected', 'Quarantined', 'Unavailable'];
    const more = ['Processed', 'Failed', 'Dropped', 'Busy', 'AcknowledgeTime', 'SecretReadFailed', 'SecretRefused'];
    // A dashboard is JSON in a text of the template's, and searches for the metrics of all sources; an alarm names its metric in a field.
    const plain = text.replaceAll('\\', '');
    const onDashboard = [...plain.matchAll(/\{Hookgate,([\w,]+)\} service="([^"]*)" MetricName="(\w+)"/g)];
    const ofAlarms = [...plain.matchAll(/\{[^{}[\]]*"Dimensions":\[([^\]]*)\][^[\]]*?"Namespace":"Hookgate"/g)];
    for (const [, dimensions, gateway] of onDashboard) {
      expect(dimensions?.split(',')).toEqual(expect.arrayContaining(['service', 'source']));
      expect(gateway).toBe('hookgate-dev');
    }
    expect(ofAlarms.some(([, dimensions]) => dimensions?.includes('{"Name":"source","Value":"optum"}'))).toBe(true);
    const inAlarms = [...plain.matchAll(/"MetricName":"(\w+)"/g)].map(([, name]) => name);
    const names = new Set([...onDashboard.map(([, , , name]) => name), ...inAlarms]);
    for (const name of [...metrics, ...more]) expect(names).toContain(name);
  });
});

describe('hookgate.config.ts', () => {
  it('takes every key', async () => {
    expect(await synthesized(EVERY_KEY, 'every-key')).toEqual(DONE);
    const { outputs } = assembly('every-key');
    expect(outputs).toMatchObject({
      OptumUrl: '"https://hooks.example.com/webhooks/optum"',
      OptumSecretName: '"hookgate/dev/optum"',
      OptumCredentialsName: expect.any(String),
      NvsepCredentialsName: expect.any(String),
      DomainTarget: expect.any(String),
    });
  });

  it('takes a hosted zone for the domain', async () => {
    expect(await synthesized(ZONE, 'zone')).toEqual(DONE);
    expect(assembly('zone').outputs.OsiguUrl).toBe('"https://hooks.example.com/webhooks/osigu"');
  });

  it('refuses a key that is none, and names it and what is allowed', async () => {
    const wrong = `{ stag: 'dev', sources: { osigu: { provider: 'osigu', windowDay: 20 } } } as never`;
    const { code, out, err } = await synthesized(wrong, 'refused');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/"stag".*allowed: .*\bstage\b.*\bsources\b/);
    expect(err).toMatch(/sources\.osigu: .*"windowDay".*allowed: .*\bwindowDays\b.*\bhandler\b/);
  });

  it('has one line that imports defineConfig', () => {
    const text = readFileSync(fileURLToPath(new URL('../../hookgate.config.ts', import.meta.url)), 'utf8');
    expect(text.match(/^import .*defineConfig.*$/gm)).toHaveLength(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { TargetSettings } from '../../lib/config/source-settings.ts';
import { resource, resourcesOf, statementsOf, synthesize } from './synth.ts';
import type { Statement } from './synth.ts';

const target = (kind: TargetSettings['kind'], arn: string, more: Partial<TargetSettings> = {}): TargetSettings => ({
  ...{ name: kind, kind, arn, ...more },
});
const KEY = 'arn:aws:kms:eu-west-1:210987654321:key/0123abcd';
const OTHERS: readonly (readonly [TargetSettings, string])[] = [
  [target('lambda', 'arn:aws:lambda:eu-west-1:123456789012:function:billing'), 'lambda:InvokeFunction'],
  [target('sqs', 'arn:aws:sqs:eu-west-1:210987654321:invoices', { keyArn: KEY }), 'sqs:SendMessage'],
  [target('sns', 'arn:aws:sns:eu-west-1:123456789012:topic'), 'sns:Publish'],
  [target('step-functions', 'arn:aws:states:eu-west-1:123456789012:stateMachine:s'), 'states:StartExecution'],
  [target('kinesis', 'arn:aws:kinesis:eu-west-1:123456789012:stream/s'), 'kinesis:PutRecord'],
  [target('firehose', 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/s'), 'firehose:PutRecord'],
  [target('bus', 'arn:aws:events:eu-west-1:210987654321:event-bus/central'), 'events:PutEvents'],
];
const HTTP: TargetSettings = {
  ...{ name: 'forward', kind: 'http', url: 'https://receiver.example.com/', timeoutSeconds: 5, types: ['invoice.*'] },
};

const template = synthesize({
  sources: {
    nabla: { provider: 'nabla', targets: [HTTP, ...OTHERS.map(([settings]) => settings)] },
    osigu: { provider: 'osigu' },
  },
});
const plain = synthesize({ sources: { osigu: { provider: 'osigu' } } });

const prefixOf = ({ name }: TargetSettings): string =>
  `NablaTo${name.replaceAll(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase())}`;
const actionsOf = (statements: readonly Statement[]): string[] => statements.flatMap(({ Action }) => Action);

describe('a source without targets', () => {
  it('has the template that it had, beside a source that has some', () => {
    const own = (of: typeof template) =>
      Object.entries(resourcesOf(of)).filter(([id]) => id.startsWith('Osigu') && !id.startsWith('OsiguUrl'));
    expect(own(template)).toStrictEqual(own(plain));
  });
});

describe('a target', () => {
  it.each([HTTP, ...OTHERS.map(([settings]) => settings)])(
    'has a queue, dead letters and a function of its own ($kind)',
    (settings) => {
      const prefix = prefixOf(settings);
      for (const part of ['Queue', 'DeadLetters', 'Processor']) resource(template, prefix + part);
      const { Environment, Timeout } = resource(template, `${prefix}Processor`).Properties as {
        Environment: { Variables: Readonly<Record<string, unknown>> };
        Timeout: number;
      };
      expect(Environment.Variables).toMatchObject({
        HOOKGATE_SOURCE: `nabla.${settings.name}`,
        HOOKGATE_TARGET: settings.url ?? settings.arn,
        HOOKGATE_LEASE_SECONDS: String(Timeout + 10),
      });
      expect(resource(template, `${prefix}Queue`).Properties).toMatchObject({ VisibilityTimeout: 6 * Timeout });
    },
  );

  it.each(OTHERS)('may reach its own resource and no other (%j)', (settings, action) => {
    const statements = statementsOf(template, `${prefixOf(settings)}ProcessorRole`);
    const own = statements.filter(({ Resource }) => JSON.stringify(Resource).includes(settings.arn ?? '?'));
    expect(actionsOf(own)).toStrictEqual([action]);
    const others = OTHERS.filter(([other]) => other !== settings).map(([, each]) => each);
    const sends = statements.filter(({ Resource }) => !JSON.stringify(Resource).includes('Fn::GetAtt'));
    for (const other of others) expect(actionsOf(sends)).not.toContain(other);
    expect(statements.filter(({ Action }) => [Action].flat().some((each) => each.includes('*')))).toStrictEqual([]);
  });

  it.each([HTTP, ...OTHERS.map(([settings]) => settings)])(
    'has nothing of its source nor of another target: queue, dead letters, secret, items, bodies ($kind)',
    (settings) => {
      const prefix = prefixOf(settings);
      const text = JSON.stringify(statementsOf(template, `${prefix}ProcessorRole`));
      // By the names of resources in the template, and by the names of lanes in prefixes and in the keys of the ledger's items.
      const resources = [...text.matchAll(/"((?:Nabla|Osigu)\w*)"/g)].map(([, id = '']) => id);
      expect(resources).toContain(`${prefix}Queue`);
      const own = ['Queue', 'DeadLetters', 'Secret', 'Processor', 'ProcessorLogs'].map((part) => prefix + part);
      expect(resources.filter((id) => !own.includes(id))).toStrictEqual([]);
      const lanes = [...text.matchAll(/[/#]((?:nabla|osigu)[^/#"]*)/g)].map(([, lane]) => lane);
      expect(new Set(lanes)).toStrictEqual(new Set([`nabla.${settings.name}`]));
    },
  );

  it('uses the key of its queue through SQS alone', () => {
    const statements = statementsOf(template, 'NablaToSqsProcessorRole');
    expect(statements.filter(({ Resource }) => Resource === KEY)).toStrictEqual([
      expect.objectContaining({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Condition: {
          StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['sqs.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] } },
        },
      }),
    ]);
  });

  it('uses the key of any resource through the service of its ARN', () => {
    const keyed = OTHERS.map(([settings]) => ({ ...settings, keyArn: KEY }));
    const made = synthesize({ sources: { nabla: { provider: 'nabla', targets: keyed } } });
    for (const settings of keyed) {
      const found = statementsOf(made, `${prefixOf(settings)}ProcessorRole`).filter(({ Resource }) => Resource === KEY);
      const service = settings.arn?.split(':')[2] ?? '?';
      expect(JSON.stringify(found.map(({ Condition }) => Condition))).toContain(`"${service}.eu-west-1."`);
    }
  });

  it('that is a URL has a secret of its own, which its function alone reads', () => {
    expect(resource(template, 'NablaToForwardSecret').Properties).toMatchObject({
      Name: 'hookgate/dev/nabla.forward',
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
    const readers = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).filter(([, policy]) =>
      JSON.stringify(policy).includes('"NablaToForwardSecret"'),
    );
    expect(readers.map(([, { Properties }]) => Properties.Roles)).toStrictEqual([
      [{ Ref: 'NablaToForwardProcessorRole' }],
    ]);
  });

  it('that is a URL has a secret whose age is measured, as that of a source', () => {
    const { Target } = resource(template, 'SecretAgesSchedule').Properties as { Target: { Input: string } };
    const { secrets } = JSON.parse(Target.Input) as { secrets: Readonly<Record<string, object>> };
    expect(Object.keys(secrets).sort()).toStrictEqual(['nabla', 'nabla.forward', 'osigu']);
    expect(secrets['nabla.forward']).toMatchObject({ name: 'hookgate/dev/nabla.forward' });
  });

  it('has the alarms of its queues', () => {
    for (const alarm of ['DeadLetters', 'QueueAge', 'DeadLettersExpire'])
      resource(template, `NablaToForward${alarm}Alarm`);
  });
});

describe('the processor of a source with targets', () => {
  it('knows their queues, sends there and claims there, and publishes nothing', () => {
    const { Environment } = resource(template, 'NablaProcessor').Properties as {
      Environment: { Variables: Readonly<Record<string, unknown>> };
    };
    const targets = JSON.stringify(Environment.Variables.HOOKGATE_TARGETS).replaceAll('\\"', '"');
    expect(targets).toContain('{"name":"nabla.forward","types":["invoice.*"],"queueUrl":"');
    expect(targets).toContain('{"name":"nabla.lambda","queueUrl":"');
    expect(Environment.Variables).not.toHaveProperty('HOOKGATE_BUS_NAME');
    const statements = statementsOf(template, 'NablaProcessorRole');
    expect(actionsOf(statements)).not.toContain('events:PutEvents');
    const text = JSON.stringify(statements);
    const ofTargets = statements.filter((each) => /"NablaTo\w+"/.test(JSON.stringify(each)));
    expect(new Set(actionsOf(ofTargets))).toStrictEqual(new Set(['sqs:SendMessage']));
    expect(JSON.stringify(ofTargets)).not.toContain('DeadLetters');
    expect(text).toContain('["NablaToForwardQueue","Arn"]');
    expect(text).toContain('event#nabla.forward#*');
    expect(text).not.toContain('NablaToForwardSecret');
  });
});

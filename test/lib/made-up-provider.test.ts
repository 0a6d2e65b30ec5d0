import { describe, expect, it } from '@jest/globals';
import type { Provider } from '../../lambdas/core/provider.ts';
import { hmac } from '../../lambdas/core/schemes/hmac.ts';
import { providers } from '../../lambdas/providers/index.ts';
import settings from '../settings.ts';
import { outputsOf, resource, resourcesOf, synthesize } from './synth.ts';

/** A provider as a newcomer would write it: one object in one file. */
const acme: Provider = {
  name: 'acme',
  title: 'Acme',
  documents: { source: 'its page', confidence: 'confirmed' },
  identity: 'body',
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-acme-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  rejectionStatus: 401,
  retryHorizonSeconds: 2 * 86_400,
  options: { tenant: { type: 'string', description: 'The tenant at Acme.', pattern: /^\d+$/ } },
  readEvents: ({ json }) => ({ key: String(json.id), type: 'acme.event' }),
  sample: ({ id }) => JSON.stringify({ id }),
};

const before = synthesize();
const after = synthesize(
  { sources: { ...settings.sources, 'acme-eu': { provider: 'acme', options: { tenant: '7' } } } },
  { providers: new Map([...providers, [acme.name, acme]]) },
);

describe('a provider that is one file, one line of the registry and one source', () => {
  it('has route, secret, queues, functions and outputs', () => {
    const added = Object.keys(resourcesOf(after)).filter((logicalId) => !(logicalId in resourcesOf(before)));
    const all = added.map((logicalId) => resource(after, logicalId).Type).sort();
    // Which alarms there are is a matter of alarms.test.ts.
    const types = all.filter((type) => type !== 'AWS::CloudWatch::Alarm');
    expect(all.length - types.length).toBeGreaterThan(3);
    expect(types).toStrictEqual(
      [
        ...[
          'AWS::ApiGateway::Resource',
          'AWS::ApiGateway::Method',
          'AWS::ApiGateway::Deployment',
          'AWS::Lambda::Permission',
        ],
        'AWS::SecretsManager::Secret',
        // The queue, its dead-letter queue and the source's quarantine.
        ...['AWS::SQS::Queue', 'AWS::SQS::Queue', 'AWS::SQS::Queue'],
        ...['AWS::SQS::QueuePolicy', 'AWS::SQS::QueuePolicy', 'AWS::SQS::QueuePolicy'],
        ...['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Logs::LogGroup'],
        ...['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Logs::LogGroup'],
        'AWS::Lambda::EventSourceMapping',
      ].sort(),
    );
    expect(Object.keys(outputsOf(after))).toEqual(expect.arrayContaining(['AcmeEuUrl', 'AcmeEuSecretName']));
  });

  it('runs with its own options, window and generated secret', () => {
    expect(resource(after, 'AcmeEuVerifier').Properties).toMatchObject({
      Environment: {
        Variables: {
          HOOKGATE_PROVIDER: 'acme',
          HOOKGATE_OPTIONS: '{"tenant":"7"}',
          HOOKGATE_WINDOW_SECONDS: String(365 * 86_400),
        },
      },
    });
    expect(Object.keys(resource(after, 'AcmeEuSecret').Properties)).toContain('GenerateSecretString');
  });

  it('changes nothing of the others', () => {
    // A deployment is a snapshot of the whole API: it is new, and the stage points to it. The dashboard shows every source, the
    // firewall looks for every signature's header, and its log strikes it out.
    const shared = [
      ...['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::Stage', 'AWS::CloudWatch::Dashboard'],
      ...['AWS::WAFv2::LoggingConfiguration', 'AWS::WAFv2::WebACL'],
    ];
    // One function measures the age of every secret.
    const others = Object.entries(resourcesOf(before)).filter(
      ([logicalId, { Type }]) => !shared.includes(Type) && !logicalId.startsWith('SecretAges'),
    );
    expect(others.length).toBeGreaterThan(80);
    for (const [logicalId, was] of others) expect(resource(after, logicalId)).toStrictEqual(was);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Provider } from '../../lambdas/core/provider.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import settings, { config } from '../settings.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

/**
 * The resources that an upgrade must not replace: data, what data is read with, and what others know by its name or address. To
 * change a logical id here is to give every customer an empty resource in the place of a full one: docs/upgrade.md says what it
 * takes.
 */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::RestApi': ['Api'],
  'AWS::DynamoDB::Table': ['Ledger'],
  'AWS::Events::EventBus': ['EventBus'],
  'AWS::KMS::Key': ['EncryptionKey', 'EventBusDeadLettersKey', 'RecordKey'],
  'AWS::Logs::LogGroup': [
    ...['ApiAccessLogs', 'FirewallLogs', 'SecretAgesLogs'],
    ...ofSources('VerifierLogs', 'ProcessorLogs'),
    ...ofSourcesWith((provider) => provider.missedEvents !== undefined, 'PollerLogs'),
    ...ofSourcesWith((provider) => provider.rotation !== undefined, 'RotatorLogs'),
  ],
  'AWS::S3::Bucket': ['Archive', 'Bodies', 'Record'],
  'AWS::SecretsManager::Secret': [
    ...ofSources('Secret'),
    ...ofSourcesWith((provider) => provider.api !== undefined, 'Credentials'),
  ],
  'AWS::SNS::Topic': ['CriticalAlarms', 'KeyAlarms', 'WarningAlarms'],
  'AWS::SQS::Queue': ['EventBusDeadLetters', ...ofSources('Queue', 'DeadLetters', 'Quarantine')],
};

function ofSources(...parts: string[]): string[] {
  return ofSourcesWith(() => true, ...parts);
}

function ofSourcesWith(isMeant: (provider: Provider) => boolean, ...parts: string[]): string[] {
  const sources = config.sources.filter(({ provider }) => isMeant(provider));
  return sources.flatMap(({ name }) => parts.map((part) => pascalCase(name) + part));
}

/** With everything that the sources can do. */
const whole: Partial<Settings> = withFakeProviders(settings, 'https://api.example.com');

describe.each(['dev', 'production'])('in the stage %s', (stage) => {
  const template = synthesize({ ...whole, stage });

  it.each(Object.entries(KEPT))('the logical ids of every %s are these', (type, logicalIds) => {
    expect(Object.keys(resourcesOf(template, type)).sort()).toStrictEqual([...logicalIds].sort());
  });
});

describe('what makes CloudFormation replace a resource though its logical id stays', () => {
  const template = synthesize(whole);
  const properties = (logicalId: string) => resource(template, logicalId).Properties;

  it('is as it was: keys and names', () => {
    expect(properties('Ledger').KeySchema).toStrictEqual([{ AttributeName: 'pk', KeyType: 'HASH' }]);
    expect(properties('EventBus').Name).toBe('hookgate-dev');
    expect(properties('OsiguSecret').Name).toBe('hookgate/dev/osigu');
    expect(properties('OptumCredentials').Name).toBe('hookgate/dev/optum/api');
    expect(properties('FirewallLogs').LogGroupName).toBe('aws-waf-logs-hookgate-dev');
  });

  it('is not there where CloudFormation makes the name', () => {
    const named = ['Ledger', ...ofSources('Queue', 'DeadLetters', 'Quarantine')].filter((logicalId) =>
      ['TableName', 'QueueName'].some((name) => name in properties(logicalId)),
    );
    expect(named).toStrictEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Settings } from '../../lib/config/settings.ts';
import { outputsOf, resource, resourcesOf, synthesize } from './synth.ts';

const domain: NonNullable<Settings['domain']> = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b',
};
const zone = { id: 'Z0123456789ABC', name: 'example.com' };
const optionsOf = (template: ReturnType<typeof synthesize>, logicalId: string): unknown => {
  const { Variables } = resource(template, logicalId).Properties.Environment as { Variables: Record<string, string> };
  return JSON.parse(Variables.HOOKGATE_OPTIONS ?? '');
};

describe('a domain of your own', () => {
  const template = synthesize({ domain });

  it('leads to the API, which has no other address any more', () => {
    expect(resource(template, 'Domain').Properties).toMatchObject({
      DomainName: 'hooks.example.com',
      RegionalCertificateArn: domain.certificateArn,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
    const [mapping] = Object.values(resourcesOf(template, 'AWS::ApiGateway::BasePathMapping'));
    expect(mapping?.Properties).toMatchObject({ DomainName: { Ref: 'Domain' }, RestApiId: { Ref: 'Api' } });
    expect(mapping?.Properties).not.toHaveProperty('BasePath');
    expect(resource(template, 'Api').Properties.DisableExecuteApiEndpoint).toBe(true);
  });

  it('is in the URLs to register, without the name of the stage', () => {
    expect(outputsOf(template).OsiguUrl?.Value).toBe('https://hooks.example.com/webhooks/osigu');
  });

  it('is in the URL that Honeybee signs, unless the source states another', () => {
    expect(optionsOf(template, 'HoneybeeVerifier')).toMatchObject({
      publicUrl: 'https://hooks.example.com/webhooks/honeybee',
    });
    expect(optionsOf(template, 'OsiguVerifier')).not.toHaveProperty('publicUrl');
    const publicUrl = 'https://other.example.com/hooks?a=b';
    const stated = synthesize({ domain, sources: { honeybee: { provider: 'honeybee', publicUrl } } });
    expect(optionsOf(stated, 'HoneybeeVerifier')).toMatchObject({ publicUrl });
  });

  it('gets its record if its zone is given (none for IPv6, which it does not have), and says what they lead to where it is not', () => {
    expect(resourcesOf(template, 'AWS::Route53::RecordSet')).toStrictEqual({});
    expect(outputsOf(template).DomainTarget?.Value).toStrictEqual({ 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] });
    const records = Object.values(
      resourcesOf(synthesize({ domain: { ...domain, hostedZone: zone } }), 'AWS::Route53::RecordSet'),
    );
    expect(records.map(({ Properties }) => Properties.Type).sort()).toStrictEqual(['A']);
    for (const { Properties } of records) {
      expect(Properties).toMatchObject({ HostedZoneId: zone.id, Name: 'hooks.example.com.' });
    }
  });

  it('lets in nobody without a certificate where that is asked for, on a policy that can', () => {
    expect(resource(template, 'Domain').Properties).not.toHaveProperty('MutualTlsAuthentication');
    const mutual = synthesize({
      domain: { ...domain, mutualTls: { truststore: 's3://trust/store.pem', version: 'v1' } },
    });
    expect(resource(mutual, 'Domain').Properties).toMatchObject({
      MutualTlsAuthentication: { TruststoreUri: 's3://trust/store.pem', TruststoreVersion: 'v1' },
      SecurityPolicy: 'TLS_1_2',
    });
    expect(resource(mutual, 'Domain').Properties).not.toHaveProperty('EndpointAccessMode');
    expect(resource(mutual, 'Api').Properties.SecurityPolicy).toBe('TLS_1_2');
  });

  it('is not there by default', () => {
    const none = synthesize();
    expect(resourcesOf(none, 'AWS::ApiGateway::DomainName')).toStrictEqual({});
    expect(resource(none, 'Api').Properties.DisableExecuteApiEndpoint).toBe(false);
    expect(optionsOf(none, 'HoneybeeVerifier')).not.toHaveProperty('publicUrl');
  });
});

describe('concurrency', () => {
  it('is not set apart by default: a young account has too little of it', () => {
    const template = synthesize();
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Lambda::Function'))) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('is set apart for verifiers and for processors as the configuration says', () => {
    const template = synthesize({
      verifier: { reservedConcurrency: 20 },
      processor: { maxConcurrency: 5, reservedConcurrency: 6 },
    });
    expect(resource(template, 'OsiguVerifier').Properties.ReservedConcurrentExecutions).toBe(20);
    expect(resource(template, 'OsiguProcessor').Properties.ReservedConcurrentExecutions).toBe(6);
    expect(resource(template, 'OsiguProcessorBatches').Properties.ScalingConfig).toStrictEqual({
      MaximumConcurrency: 5,
    });
  });
});

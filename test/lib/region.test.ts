import { describe, expect, it } from '@jest/globals';
import settings from '../settings.ts';
import { ConfigError } from '../../lib/config/config.ts';
import { featuresOf } from '../../lib/region.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/0a1b',
};

describe('in GovCloud', () => {
  const template = synthesize({ sources: settings.sources, domain }, { region: 'us-gov-west-1' });
  const text = JSON.stringify(template.toJSON());

  it('no TLS policy is asked for that GovCloud does not have', () => {
    expect(resource(template, 'Api').Properties.SecurityPolicy).toBe('TLS_1_2');
    expect(resource(template, 'Domain').Properties.SecurityPolicy).toBe('TLS_1_2');
    expect(text).not.toMatch(/SecurityPolicy_|EndpointAccessMode/);
  });

  it('functions have no log format, mappings no tags, and the bus no key and no dead-letter queue', () => {
    expect(text).not.toContain('"LogFormat"');
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping'))) {
      expect(Properties).not.toHaveProperty('Tags');
    }
    expect(resource(template, 'EventBus').Properties).not.toHaveProperty('KmsKeyIdentifier');
    expect(resource(template, 'EventBus').Properties).not.toHaveProperty('DeadLetterConfig');
  });

  it('everything else is as elsewhere', () => {
    const ids = Object.keys(resourcesOf(synthesize({ sources: settings.sources, domain }))).filter(isStable);
    expect(Object.keys(resourcesOf(template)).filter(isStable)).toStrictEqual(ids);
  });

  /** A deployment of the API is named by its content. */
  const isStable = (id: string): boolean => !id.startsWith('HookgateApiDeployment');
});

describe('in a commercial region', () => {
  it('the mappings are tagged, whether the region is named or not', () => {
    for (const region of [undefined, 'eu-central-1']) {
      const mapping = resource(synthesize({}, { region }), 'OsiguProcessorBatches');
      expect(mapping.Properties.Tags).toContainEqual({ Key: 'hookgate:source', Value: 'osigu' });
    }
  });
});

it.each(['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1'])(
  '%s is refused: nobody has tried it',
  (region) => {
    expect(() => featuresOf(region)).toThrow(`neither commercial nor of GovCloud; given: "${region}"`);
  },
);

it('China is refused in one line', () => {
  expect(() => featuresOf('cn-north-1')).toThrow(ConfigError);
  expect(() => featuresOf('cn-north-1')).toThrow('Hookgate does not support the regions of China; given: "cn-north-1"');
});

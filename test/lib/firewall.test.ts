import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Firewall } from '../../lib/constructs/ingress/firewall.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import { describe, expect, it } from '@jest/globals';
import { resolveConfig } from '../../lib/config/config.ts';
import settings from '../settings.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

const template = synthesize();
const EVERY_HEADER = {
  DataProtections: [
    {
      ...{ Field: { FieldType: 'SINGLE_HEADER' }, Action: 'SUBSTITUTION' },
      ...{ ExcludeRuleMatchDetails: false, ExcludeRateBasedDetails: false },
    },
  ],
};

/** The shared stack of a gateway with a source of each provider. */
function withEachProvider(): Template {
  const sources = Object.fromEntries([...providers.keys()].map((provider) => [provider, { provider }]));
  const config = resolveConfig(withFakeProviders({ ...settings, sources }, 'https://api.example.com'));
  const app = new App();
  const stack = new Stack(app, 'Firewall');
  new Firewall(stack, 'Firewall', { config, key: new Key(stack, 'Key'), stageArn: 'arn:aws:apigateway:stage' });
  return Template.fromStack(stack);
}

interface Rule {
  readonly Name: string;
  readonly Action?: { readonly Block: unknown };
  readonly OverrideAction?: unknown;
  readonly Statement: Readonly<Record<string, unknown>>;
}

const rules = (of = template): readonly Rule[] => resource(of, 'Firewall').Properties.Rules as Rule[];
const rule = (name: string, of = template): Rule | undefined => rules(of).find(({ Name }) => Name === name);

describe('the firewall', () => {
  it('stands before the API, and lets pass what it does not know', () => {
    const [stage] = Object.keys(resourcesOf(template, 'AWS::ApiGateway::Stage'));
    const { ResourceArn, WebACLArn } = resource(template, 'FirewallAssociation').Properties;
    expect(JSON.stringify(ResourceArn)).toContain(`{"Ref":"${String(stage)}"}`);
    expect(WebACLArn).toStrictEqual({ 'Fn::GetAtt': ['Firewall', 'Arn'] });
    expect(resource(template, 'Firewall').Properties).toMatchObject({
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
    });
  });

  it('has these rules and no other: none on the size of a body', () => {
    expect(rules().map(({ Name }) => Name)).toStrictEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'RatePerAddress',
      'RateOfUnsigned',
      'AWSManagedRulesKnownBadInputsRuleSet',
    ]);
    // The one rule with sizes looks whether a header is there.
    expect(JSON.stringify(rules())).not.toMatch(/"(Json)?Body"|SizeRestriction|CommonRuleSet/);
  });

  it('counts what a body says, and blocks nothing for it', () => {
    expect(rule('AWSManagedRulesKnownBadInputsRuleSet')?.Statement).toMatchObject({
      ManagedRuleGroupStatement: {
        RuleActionOverrides: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'].map((Name) => ({
          Name,
          ActionToUse: { Count: {} },
        })),
      },
    });
  });

  it('lets one address send a twentieth of what the throttle lets through to a source in five minutes', () => {
    const limit = (of = template) =>
      (rule('RatePerAddress', of)?.Statement as { RateBasedStatement: { Limit: number } } | undefined)
        ?.RateBasedStatement.Limit;
    expect(limit()).toBe((300 * 200) / 20);
    expect(limit(synthesize({ throttle: { requestsPerSecond: 1000 } }))).toBe(15_000);
    expect(limit(synthesize({ waf: { requestsPerAddress: 10_000 } }))).toBe(10_000);
  });

  it('lets one address send few requests that cannot be authentic: by another method, or without a signature header', () => {
    const sources = { ...settings.sources, mailgun: { provider: 'mailgun' } };
    const config = resolveConfig({ ...settings, sources });
    const { RateBasedStatement } = rule('RateOfUnsigned', synthesize({ sources }))?.Statement ?? {};
    const none = [{ Priority: 0, Type: 'NONE' }];
    const headers = config.sources
      .flatMap(({ provider }) => schemeOf(provider, {}).headers)
      .filter(({ carries }) => carries === 'signature' || carries === 'token')
      .map(({ name }) => name)
      .sort();
    const signedInBody = config.sources.filter(({ provider }) => schemeOf(provider, {}).headers.length === 0);
    expect(signedInBody.length).toBeGreaterThan(0);
    expect(RateBasedStatement).toStrictEqual({
      Limit: 100,
      EvaluationWindowSec: 300,
      AggregateKeyType: 'IP',
      ScopeDownStatement: {
        NotStatement: {
          Statement: {
            AndStatement: {
              Statements: [
                {
                  ByteMatchStatement: {
                    FieldToMatch: { Method: {} },
                    PositionalConstraint: 'EXACTLY',
                    SearchString: 'POST',
                    TextTransformations: none,
                  },
                },
                {
                  OrStatement: {
                    Statements: [
                      ...[...new Set(headers)].map((Name) => ({
                        SizeConstraintStatement: {
                          FieldToMatch: { SingleHeader: { Name } },
                          ComparisonOperator: 'GT',
                          Size: 0,
                          TextTransformations: none,
                        },
                      })),
                      // A delivery that is signed in the body shows it in no header.
                      ...signedInBody.map(({ name }) => ({
                        ByteMatchStatement: {
                          FieldToMatch: { UriPath: {} },
                          PositionalConstraint: 'CONTAINS',
                          SearchString: `/webhooks/${name}`,
                          TextTransformations: none,
                        },
                      })),
                    ],
                  },
                },
              ],
            },
          },
        },
      },
    });
    const single = synthesize({ sources: { osigu: { provider: 'osigu' } } });
    expect(JSON.stringify(rule('RateOfUnsigned', single))).not.toContain('OrStatement');
  });

  it('does not limit the addresses of an allow list', () => {
    const guarded = synthesize({
      sources: {
        a: { provider: 'nabla', allowList: ['203.0.113.7', '2001:db8::/32'] },
        b: { provider: 'osigu', allowList: ['203.0.113.0/24', '203.0.113.7'] },
      },
    });
    expect(resource(guarded, 'AllowedAddressesV4').Properties).toMatchObject({
      Addresses: ['203.0.113.0/24', '203.0.113.7/32'],
      IPAddressVersion: 'IPV4',
    });
    expect(resource(guarded, 'AllowedAddressesV6').Properties).toMatchObject({ Addresses: ['2001:db8::/32'] });
    const from = (set: string) => ({ IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [set, 'Arn'] } } });
    expect(rule('RatePerAddress', guarded)?.Statement).toMatchObject({
      RateBasedStatement: {
        ScopeDownStatement: {
          NotStatement: {
            Statement: { OrStatement: { Statements: [from('AllowedAddressesV4'), from('AllowedAddressesV6')] } },
          },
        },
      },
    });
    expect(JSON.stringify(rule('RatePerAddress'))).not.toContain('ScopeDown');
  });

  it('answers too many requests like the throttle, with a time after which to try again', () => {
    expect(rule('RatePerAddress')?.Action).toMatchObject({
      Block: { CustomResponse: { ResponseCode: 429, ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }] } },
    });
  });

  it('logs what it blocks, every signature and credential struck out, and samples nothing', () => {
    const { RedactedFields, LoggingFilter } = resource(template, 'FirewallLogging').Properties;
    expect(RedactedFields).toEqual([{ UriPath: {} }, { QueryString: {} }]);
    expect(resource(template, 'Firewall').Properties.DataProtectionConfig).toEqual(EVERY_HEADER);
    expect(LoggingFilter).toMatchObject({
      DefaultBehavior: 'DROP',
      Filters: [{ Behavior: 'KEEP', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] }],
    });
    const acl = JSON.stringify(resource(template, 'Firewall').Properties);
    expect(acl).toContain('"SampledRequestsEnabled":false');
    expect(acl).not.toContain('"SampledRequestsEnabled":true');
  });

  it('is off where the configuration says so', () => {
    const off = synthesize({ waf: { enabled: false } });
    expect(Object.values(resourcesOf(off)).filter(({ Type }) => Type.startsWith('AWS::WAFv2'))).toStrictEqual([]);
  });
});

describe('the firewall of a source of each provider', () => {
  const gateway = withEachProvider();
  const acl = resource(gateway, 'Firewall').Properties;

  // https://docs.aws.amazon.com/waf/latest/developerguide/limits.html and the references of the properties.
  it('strikes out every header, whatever its name, within what WAF takes', () => {
    const fields = resource(gateway, 'FirewallLogging').Properties.RedactedFields as unknown[];
    expect(fields.length).toBeLessThanOrEqual(100);
    expect(acl.DataProtectionConfig).toEqual(EVERY_HEADER);
  });

  it('takes fewer capacity units than those that AWS WAF charges nothing for', () => {
    // A size of a header and an exact match cost 1 and 2, a match within a text 10, a rate and a set of addresses 2 and 1.
    const text = JSON.stringify(acl.Rules);
    const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
    const own =
      count(/"SizeConstraintStatement"/g) +
      2 * count(/"EXACTLY"/g) +
      10 * count(/"CONTAINS"/g) +
      2 * count(/"RateBasedStatement"/g) +
      count(/"IPSetReferenceStatement"/g);
    const managed = { AWSManagedRulesAmazonIpReputationList: 25, AWSManagedRulesKnownBadInputsRuleSet: 200 };
    expect(count(/"SizeConstraintStatement"/g)).toBeGreaterThan(50);
    expect(own + Object.values(managed).reduce((sum, units) => sum + units)).toBeLessThan(1500);
  });
});

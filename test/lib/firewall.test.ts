import { schemeOf } from '../../lambdas/core/provider.ts';
import { describe, expect, it } from '@jest/globals';
import { providers } from '../../lambdas/providers/index.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

const template = synthesize();

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
      'AWSManagedRulesKnownBadInputsRuleSet',
    ]);
    expect(JSON.stringify(rules())).not.toMatch(/SizeConstraint|SizeRestriction|CommonRuleSet/);
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

  it('lets one address send all that the throttle lets through to a source in five minutes', () => {
    const limit = (of = template) =>
      (rule('RatePerAddress', of)?.Statement as { RateBasedStatement: { Limit: number } }).RateBasedStatement.Limit;
    expect(limit()).toBe(300 * 200);
    expect(limit(synthesize({ throttle: { requestsPerSecond: 1000 } }))).toBe(300_000);
    expect(limit(synthesize({ waf: { requestsPerAddress: 10_000 } }))).toBe(10_000);
  });

  it('answers too many requests like the throttle, with a time after which to try again', () => {
    expect(rule('RatePerAddress')?.Action).toMatchObject({
      Block: { CustomResponse: { ResponseCode: 429, ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }] } },
    });
  });

  it('logs what it blocks, every signature and credential struck out, and samples nothing', () => {
    const { RedactedFields, LoggingFilter } = resource(template, 'FirewallLogging').Properties;
    const fields = RedactedFields as { SingleHeader?: { Name: string } }[];
    const headers = fields.flatMap(({ SingleHeader }) => SingleHeader?.Name ?? []);
    const signatures = [...providers.values()].flatMap((provider) =>
      schemeOf(provider, {}).headers.map(({ name }) => name),
    );
    expect(headers).toEqual(expect.arrayContaining([...signatures, 'authorization', 'cookie']));
    expect(fields).toEqual(expect.arrayContaining([{ UriPath: {} }, { QueryString: {} }]));
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

import { Stack } from 'aws-cdk-lib';
import { CfnIPSet, CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { HookgateConfig, SourceConfig } from '../../config/config.ts';
import { stackName } from '../../config/stack-names.ts';
import { Logs } from '../logs.ts';
import { nameInTemplate } from '../names.ts';
import { rateOfUnsigned, ratePerAddress } from './rate-rules.ts';

export interface FirewallProps {
  readonly config: HookgateConfig;
  readonly key: IKey;
  /** ARN of the API's stage. */
  readonly stageArn: string;
}

/**
 * AWS WAF before the API. It may turn away only what no provider sends: a delivery that is refused here is never verified, and
 * its provider may cut the endpoint off. So there is no rule on the size of a body, and what a body says is counted, not
 * blocked: a clinical note may quote an attack, and nothing reads it before its signature is verified.
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, { config, key, stageArn }: FirewallProps) {
    super(scope, id);
    const gateway = stackName(config);
    const acl = new CfnWebACL(this, 'Acl', {
      name: gateway,
      description: 'Webhook gateway: what no provider sends',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibleAs(gateway),
      dataProtectionConfig: { dataProtections: [HEADERS_STRUCK_OUT] },
      customResponseBodies: { throttled: { contentType: 'APPLICATION_JSON', content: '{"error":"throttled"}' } },
      rules: [
        managed(0, 'AWSManagedRulesAmazonIpReputationList', []),
        counted(ratePerAddress(1, config.waf.requestsPerAddress, this.exemptAddresses(config.sources))),
        counted(rateOfUnsigned(2, config.sources)),
        managed(3, 'AWSManagedRulesKnownBadInputsRuleSet', ABOUT_BODIES),
      ],
    });
    nameInTemplate(acl, id);
    const association = new CfnWebACLAssociation(this, 'Association', {
      webAclArn: acl.attrArn,
      resourceArn: stageArn,
    });
    nameInTemplate(association, `${id}Association`);
    this.logBlocked(id, acl, { config, key });
  }

  /** The addresses of the allow lists: a provider that publishes its addresses may send all its deliveries from one of them. */
  private exemptAddresses(sources: readonly SourceConfig[]): string[] {
    const addresses = [...new Set(sources.flatMap(({ allowList = [] }) => allowList.map(toRange)))].sort();
    const sets = [
      ['IPV4', addresses.filter((address) => !address.includes(':'))],
      ['IPV6', addresses.filter((address) => address.includes(':'))],
    ] as const;
    return sets
      .filter(([, ofVersion]) => ofVersion.length > 0)
      .map(([version, ofVersion]) => {
        const set = new CfnIPSet(this, version, {
          scope: 'REGIONAL',
          ipAddressVersion: version,
          addresses: [...ofVersion],
          description: 'Addresses of the allow lists',
        });
        nameInTemplate(set, `AllowedAddresses${version === 'IPV4' ? 'V4' : 'V6'}`);
        return set.attrArn;
      });
  }

  /**
   * A line for each request that is turned away: when, from which address, by which rule. WAF logs no body. The headers are struck out
   * by the ACL, path and query string here: a signature or a token can be in each.
   */
  private logBlocked(id: string, acl: CfnWebACL, { config, key }: Pick<FirewallProps, 'config' | 'key'>): void {
    // WAF writes to groups of this prefix alone.
    const logGroupName = `aws-waf-logs-${stackName(config)}`;
    const logs = new Logs(this, `${id}Logs`, { config, key, logGroupName });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [logGroupArn(logs)],
      redactedFields: [{ uriPath: {} }, { queryString: {} }],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] },
        ],
      },
    });
    nameInTemplate(logging, `${id}Logging`);
  }
}

/**
 * Without a name every header is struck out of all that WAF tells of a request
 * (https://docs.aws.amazon.com/waf/latest/APIReference/API_FieldToProtect.html). By name WAF takes a hundred, and the signature headers
 * of all providers are more.
 */
const HEADERS_STRUCK_OUT: CfnWebACL.DataProtectProperty = {
  field: { fieldType: 'SINGLE_HEADER' },
  action: 'SUBSTITUTION',
  excludeRuleMatchDetails: false,
  excludeRateBasedDetails: false,
};

/** The rules of the known bad inputs that read the body. WAF reads its first 16 KB, and lets a longer one pass on that. */
const ABOUT_BODIES = ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'];

/** WAF takes ranges alone: a single address is the range of itself. */
const toRange = (address: string): string => {
  if (address.includes('/')) return address;
  return `${address}/${address.includes(':') ? 128 : 32}`;
};

/** A rule with a metric of its own name. */
const counted = (rule: Omit<CfnWebACL.RuleProperty, 'visibilityConfig'>): CfnWebACL.RuleProperty => ({
  ...rule,
  visibilityConfig: visibleAs(rule.name),
});

/** A rule group that AWS keeps; the rules named count what they find, and let it pass. */
const managed = (priority: number, name: string, onlyCounted: readonly string[]): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: onlyCounted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: visibleAs(name),
});

/** Metrics, but no samples: a sample shows the request's headers, its signature among them, in the console. */
const visibleAs = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});

/** WAF takes the ARN of the group itself; the attribute of the group is that of its streams, and ends in `:*`. */
const logGroupArn = (logs: Logs): string => {
  const { partition, region, account } = Stack.of(logs);
  return `arn:${partition}:logs:${region}:${account}:log-group:${logs.logGroupName}`;
};

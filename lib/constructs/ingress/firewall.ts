import { Stack } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import type { HookgateConfig } from '../../config/config.ts';
import { stackName } from '../../config/stack-names.ts';
import type { EncryptionKey } from '../encryption-key.ts';
import { Logs } from '../logs.ts';
import { nameInTemplate } from '../names.ts';

export interface FirewallProps {
  readonly config: HookgateConfig;
  readonly key: EncryptionKey;
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
      customResponseBodies: { throttled: { contentType: 'APPLICATION_JSON', content: '{"error":"throttled"}' } },
      rules: [
        managed(0, 'AWSManagedRulesAmazonIpReputationList', []),
        ratePerAddress(1, config.waf.requestsPerAddress),
        managed(2, 'AWSManagedRulesKnownBadInputsRuleSet', ABOUT_BODIES),
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

  /**
   * A line for each request that is turned away: when, from which address, by which rule. WAF logs no body; it would log all
   * headers, so those that carry a signature or a credential are struck out, and path and query string with them.
   */
  private logBlocked(id: string, acl: CfnWebACL, { config, key }: Pick<FirewallProps, 'config' | 'key'>): void {
    // WAF writes to groups of this prefix alone.
    const logGroupName = `aws-waf-logs-${stackName(config)}`;
    const logs = new Logs(this, `${id}Logs`, { config, key, logGroupName });
    const signatures = config.sources.flatMap(({ provider, options }) =>
      schemeOf(provider, options).headers.map(({ name }) => name),
    );
    const headers = [...new Set([...signatures, 'authorization', 'cookie'])].sort();
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [logGroupArn(logs)],
      redactedFields: [...headers.map((Name) => ({ singleHeader: { Name } })), { uriPath: {} }, { queryString: {} }],
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

/** The name of the rule, and of its metric. */
export const RATE_RULE = 'RatePerAddress';

/** The rules of the known bad inputs that read the body. WAF reads its first 16 KB, and lets a longer one pass on that. */
const ABOUT_BODIES = ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'];

/** A rule group that AWS keeps; the rules named count what they find, and let it pass. */
const managed = (priority: number, name: string, counted: readonly string[]): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: visibleAs(name),
});

/** More requests from one address in five minutes than this: answered like the throttle does, until they are fewer. */
const ratePerAddress = (priority: number, limit: number): CfnWebACL.RuleProperty => ({
  name: RATE_RULE,
  priority,
  action: {
    block: {
      customResponse: {
        responseCode: 429,
        responseHeaders: [{ name: 'Retry-After', value: '60' }],
        customResponseBodyKey: 'throttled',
      },
    },
  },
  statement: { rateBasedStatement: { limit, evaluationWindowSec: 300, aggregateKeyType: 'IP' } },
  visibilityConfig: visibleAs(RATE_RULE),
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

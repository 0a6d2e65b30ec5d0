import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';
import { samplingRuleName } from '../config/stack-names.ts';
import { nameInTemplate } from './names.ts';

/** The share of the requests that X-Ray records. */
const SHARE = 0.01;

/**
 * How many requests of the API X-Ray records. Its own rule records the first of every second too: of a source with less than one event
 * a second, that is every request, and the traces would cost more than anything else. A function follows what the API has decided.
 */
export function sampleTraces(scope: Construct, id: string, gateway: string, stage: string): void {
  const rule = new CfnSamplingRule(scope, id, {
    samplingRule: {
      ...{ ruleName: samplingRuleName(gateway), priority: 5000, fixedRate: SHARE, reservoirSize: 0, version: 1 },
      ...{ serviceName: `${gateway}/${stage}`, serviceType: 'AWS::ApiGateway::Stage' },
      ...{ host: '*', httpMethod: '*', resourceArn: '*', urlPath: '*' },
    },
  });
  nameInTemplate(rule, id);
}

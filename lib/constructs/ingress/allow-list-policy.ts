import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { webhookPath } from '../../../lambdas/contract.ts';
import type { SourceConfig } from '../../config/config.ts';

/**
 * The API's resource policy, which turns an address away before any function runs; undefined where every address may come.
 * It allows and never denies: what it does not name is refused, so that no other spelling of a path slips by a list.
 */
export function allowListPolicy(
  sources: readonly Pick<SourceConfig, 'name' | 'allowList'>[],
): PolicyDocument | undefined {
  if (!sources.some(({ allowList }) => allowList)) return undefined;
  return new PolicyDocument({ statements: sources.map(statementOf) });
}

const statementOf = ({ name, allowList }: Pick<SourceConfig, 'name' | 'allowList'>): PolicyStatement =>
  new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    // Every stage and method of the source's route.
    resources: [`execute-api:/*/*${webhookPath(name)}`],
    ...(allowList && { conditions: { IpAddress: { 'aws:SourceIp': allowList } } }),
  });

import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { HookgateConfig } from '../config/config.ts';
import type { HandlerMeans } from '../config/handler.ts';
import { secretName } from './names.ts';

/** The handler's variables: its own, and the ARNs of its secrets. A secret that is given by its name is one of this account. */
export const variablesOf = (scope: Construct, { environment, secrets }: HandlerMeans): Record<string, string> => ({
  ...environment,
  ...Object.fromEntries(Object.entries(secrets).map(([name, id]) => [name, secretArn(scope, id)])),
});

/**
 * Grants a handler what its settings say, and nothing else; the function that grants by constructs comes last. Whatever they say,
 * the handler reads no secret of the gateway: it could sign what the gateway proves.
 */
export function grantMeans(fn: Function, config: HookgateConfig, means: HandlerMeans): void {
  const { secrets, permissions, grant } = means;
  const allow = (actions: readonly string[], resources: readonly string[], conditions?: Conditions): void =>
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    );
  const readable = Object.values(secrets).map((id) => readableArn(fn, id));
  if (readable.length > 0) allow(['secretsmanager:GetSecretValue'], readable);
  for (const { actions, resources, conditions } of permissions) allow(actions, resources, conditions);
  grant?.(fn);
  if (permissions.length > 0 || grant)
    fn.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['secretsmanager:*'],
        resources: [secretArn(fn, secretName(config, '*'))],
      }),
    );
}

type Conditions = Record<string, Record<string, unknown>>;

const secretArn = (scope: Construct, id: string): string =>
  id.startsWith('arn:')
    ? id
    : Stack.of(scope).formatArn({
        ...{ service: 'secretsmanager', resource: 'secret', arnFormat: ArnFormat.COLON_RESOURCE_NAME },
        resourceName: id,
      });

/**
 * The ARN under which IAM knows a secret: it ends in a hyphen and six characters of AWS's own, which a name does not have, whatever it
 * looks like: `my-secret`. An ARN that ends so is taken for a whole one.
 */
const readableArn = (scope: Construct, id: string): string =>
  id.startsWith('arn:') && /-[A-Za-z0-9]{6}$/.test(id) ? id : `${secretArn(scope, id)}-??????`;

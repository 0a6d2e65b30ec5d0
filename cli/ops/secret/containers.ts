import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdated,
} from '@aws-sdk/client-lambda';
import { isTarget } from '../../../lambdas/core/target.ts';
import { ENV } from '../../../lambdas/contract.ts';
import type { Ops } from '../ops.ts';
import { isServedByVersion, SERVING } from './serving.ts';

const MAX_WAIT_SECONDS = 60;

/** The IAM actions that replacing the containers takes on AWS. */
export const REPLACES = ['lambda:GetFunctionConfiguration', 'lambda:UpdateFunctionConfiguration', ...SERVING] as const;

/**
 * Has every delivery from now on answered by a verifier that knows nothing from before: once a function's configuration has
 * changed, Lambda uses new containers alone. The change is a variable that nothing reads; the next deployment takes it away.
 * Resolves when the change is in force, with true; with false if a published version is called (`gradual`), whose configuration nobody
 * can change. To publish a version and to move the alias to it by hand is not the way out: a deployment tells CodeDeploy from which
 * version to move the alias, and that is the version that the stack knows.
 */
export async function replaceVerifiers(source: string, { gateway, clock }: Ops): Promise<boolean> {
  const client = gateway.client(LambdaClient);
  const name = { FunctionName: await gateway.resourceOf(source, isTarget(source) ? 'Processor' : 'Verifier') };
  const { Environment: environment, RevisionId } = await client.send(new GetFunctionConfigurationCommand(name));
  const variables = { ...environment?.Variables, [ENV.containersSince]: new Date(clock()).toISOString() };
  // The revision guards against a deployment that changes the variables at the same time.
  await client.send(
    new UpdateFunctionConfigurationCommand({ ...name, RevisionId, Environment: { Variables: variables } }),
  );
  await waitUntilFunctionUpdated({ client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 2 }, name);
  // Asked last: in an emergency nothing waits for an answer, and a change to code that nothing calls does no harm.
  return !(await isServedByVersion(source, name.FunctionName, gateway));
}

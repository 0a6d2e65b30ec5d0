import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdated,
} from '@aws-sdk/client-lambda';
import { isTarget } from '../../../lambdas/core/target.ts';
import { ENV } from '../../../lambdas/contract.ts';
import type { Ops } from '../ops.ts';

const MAX_WAIT_SECONDS = 60;

/** The source's functions are called by their versions, whose configuration nobody can change. */
class PublishedVersion extends Error {
  override readonly name = 'PublishedVersion';
}

/**
 * Has every delivery from now on answered by a verifier that knows nothing from before: once a function's configuration has
 * changed, Lambda uses new containers alone. The change is a variable that nothing reads; the next deployment takes it away.
 * Resolves when the change is in force. Throws if the function is called by a published version (`gradual`), which keeps its containers.
 */
export async function replaceVerifiers(source: string, { gateway, clock }: Ops): Promise<void> {
  const client = gateway.client(LambdaClient);
  const part = isTarget(source) ? 'Processor' : 'Verifier';
  const hasVersions = await gateway.resourceOf(source, `${part}Alias`).then(
    () => true,
    () => false,
  );
  if (hasVersions) throw new PublishedVersion();
  const name = { FunctionName: await gateway.resourceOf(source, part) };
  const { Environment: environment, RevisionId } = await client.send(new GetFunctionConfigurationCommand(name));
  const variables = { ...environment?.Variables, [ENV.containersSince]: new Date(clock()).toISOString() };
  // The revision guards against a deployment that changes the variables at the same time.
  await client.send(
    new UpdateFunctionConfigurationCommand({ ...name, RevisionId, Environment: { Variables: variables } }),
  );
  await waitUntilFunctionUpdated({ client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 2 }, name);
}

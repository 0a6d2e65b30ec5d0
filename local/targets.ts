import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { secretFrom } from '../lambdas/core/provider-secret.ts';
import { ENV } from '../lambdas/contract.ts';
import { providers } from '../lambdas/providers/index.ts';
import { secretVariable } from '../cli/local-gateway.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { TargetConfig } from '../lib/config/targets.ts';
import type { FunctionConfig } from './lambda/function-config.ts';
import type { EventBridge } from './services/event-bridge.ts';

const targetsOf = ({ sources }: HookgateConfig): TargetConfig[] => sources.flatMap(({ targets = [] }) => targets);

/** The ARNs of the functions that are targets. */
export const targetFunctions = (config: HookgateConfig): ReadonlySet<string> =>
  new Set(targetsOf(config).flatMap(({ kind, to }) => (kind === 'lambda' ? [to] : [])));

/** Makes the queues and buses of other stacks that targets name: in AWS they exist already. */
export async function provisionTargets(
  config: HookgateConfig,
  { sqs, eventBridge }: { readonly sqs: SQSClient; readonly eventBridge: Pick<EventBridge, 'createBus'> },
): Promise<void> {
  for (const { kind, to } of targetsOf(config)) {
    if (kind === 'bus') eventBridge.createBus(to.slice(to.lastIndexOf('/') + 1));
    if (kind !== 'sqs') continue;
    const QueueName = to.slice(to.lastIndexOf(':') + 1);
    const isFifo = QueueName.endsWith('.fifo');
    await sqs.send(new CreateQueueCommand({ QueueName, ...(isFifo && { Attributes: { FifoQueue: 'true' } }) }));
  }
}

/** The secret with which each HTTP target's requests are signed, by its ARN. */
export function targetSecrets(
  functions: readonly FunctionConfig[],
  config: HookgateConfig,
  environment: ShellEnvironment,
): (readonly [string, string])[] {
  const signer = providers.get('standard-webhooks');
  if (!signer) return [];
  return targetsOf(config).flatMap(({ name, kind }) => {
    const own = functions.find(({ environment: variables }) => variables[ENV.source] === name)?.environment;
    const arn = own?.[ENV.secretArn];
    if (kind !== 'http' || arn === undefined) return [];
    const value = environment[secretVariable(name)] ?? secretFrom(signer, {}, `local-secret-${name}`).stored;
    return [[arn, value] as const];
  });
}

import { findGateway } from './gateway.ts';
import type { GatewayOptions } from './gateway.ts';
import type { Operation } from './operation.ts';
import type { OpsContext } from './ops.ts';
import type { Report } from './output.ts';

/** What running an operation takes, whoever asked for it. */
export type RunContext = Omit<OpsContext, 'print' | 'exit'>;

/**
 * Runs an operation on the gateway that the options name. Every binding runs operations through here and nowhere else. Throws an
 * OperatorError, a ConfigError or an error of AWS's if it cannot be done.
 */
export async function runOperation(
  operation: Operation,
  input: Record<string, unknown>,
  options: GatewayOptions,
  context: RunContext,
): Promise<Report> {
  const config = context.loadConfig();
  const gateway = await findGateway(options, config, context.env);
  return operation.run({ ...context, config, gateway }, input);
}

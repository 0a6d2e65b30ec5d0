import { OperatorError } from '../operator-error.ts';
import { bodyText } from './body-text.ts';
import { findGateway } from './gateway.ts';
import type { GatewayOptions, OperatedGateway } from './gateway.ts';
import { isRecorded, statedOf } from './operation.ts';
import type { Operation } from './operation.ts';
import type { OpsContext } from './ops.ts';
import type { Report } from './output.ts';
import { recorded } from './record/recorded.ts';

/** The parts of a process that running an operation needs, whoever asked for it. */
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
  const isOffline = operation.isOffline?.(input) ?? false;
  const gateway = isOffline ? NO_GATEWAY : await findGateway(options, config, context.env);
  return runOn(gateway, operation, input, { ...context, loadConfig: () => config });
}

/** Runs an operation on a gateway: behind an entry of the record if it changes something or shows bodies, else at once. */
export async function runOn(
  gateway: OperatedGateway,
  operation: Operation,
  input: Record<string, unknown>,
  context: RunContext,
): Promise<Report> {
  const ops = { ...context, config: context.loadConfig(), gateway };
  const given = operation.input.parse(input);
  if (!isRecorded(operation, given)) return operation.run(ops, given);
  const run = { ...context, gateway, operation: operation.name, ...statedOf(operation, given) };
  const withBodies = given.showBodies === true && { bodyOf: bodyText };
  return recorded(run, () => operation.run({ ...ops, ...withBodies }, given));
}

const nothing = (): never => {
  throw new OperatorError('This takes a gateway.');
};

/** In the place of a gateway for what works without any. */
const NO_GATEWAY: OperatedGateway = {
  ...{ name: 'none', isLocal: false, output: nothing, client: nothing },
  outputOf: () => Promise.reject(new OperatorError('This takes a gateway.')),
  resourceOf: () => Promise.reject(new OperatorError('This takes a gateway.')),
};

import { Command } from 'commander';
import { addInputs, readInputs } from './arguments.ts';
import type { GatewayOptions } from './gateway.ts';
import type { Operation } from './operation.ts';
import { GROUPS, OPERATIONS } from './operations.ts';
import type { OpsContext } from './ops.ts';
import { report } from './output.ts';
import { runOperation } from './run.ts';
import { shown } from '../text/shown.ts';

interface CommonOptions extends GatewayOptions {
  readonly json?: boolean;
}

/** `npm run ops -- …`: what an operator does with a gateway that runs. Binds each operation to a command of its name. */
export function opsCommand(context: OpsContext, operations: readonly Operation[] = OPERATIONS): Command {
  const ops = command(
    'ops',
    'Operates a running gateway: on AWS with your usual credentials, or with --local the one that npm start runs.',
  );
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const group = groups.get(name) ?? command(name, GROUPS[name] ?? '');
    if (!groups.has(name)) ops.addCommand(group);
    groups.set(name, group);
    return group;
  };

  for (const operation of operations) {
    const [first = '', second] = operation.name.split(' ');
    const bound = bind(operation, second ?? first, context);
    const { isDefault = false } = operation;
    if (second === undefined) ops.addCommand(bound);
    else groupOf(first).addCommand(bound, { isDefault });
  }
  return ops;
}

function bind(operation: Operation, name: string, context: OpsContext): Command {
  const bound = addInputs(command(name, operation.summary), operation);
  return bound.action(async () => {
    const options = bound.optsWithGlobals<CommonOptions>();
    const run = () => runOperation(operation, readInputs(bound, operation), options, context);
    context.exit(await report(run, { ...context, json: options.json ?? false }));
  });
}

/**
 * A command that takes the options of all commands. It reads no further than the name of a subcommand, which gets the rest as it
 * is: read here, a `--` would be lost, and an event key behind it could be taken for an option.
 */
const command = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .enablePositionalOptions()
    .helpCommand(false)
    .configureOutput({ outputError: (text, write) => write(text.split('\n').map(shown).join('\n')) })
    .option('--stage <stage>', 'the stage of the gateway; default: the stage in hookgate.config.ts')
    .option('--region <region>', 'the AWS region; default: the region of your AWS configuration')
    .option('--local', 'the local gateway, on the port in PORT, or else on 4000')
    .option('--json', 'print JSON, for a program');

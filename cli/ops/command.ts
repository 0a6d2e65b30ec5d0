import { Command } from 'commander';
import type { HookgateConfig } from '../../lib/config/config.ts';
import type { Environment } from '../local-gateway.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { eventCommand } from './event.ts';
import { missedCommand } from './missed.ts';
import { report } from './output.ts';
import type { Print, Report } from './output.ts';
import { quarantineCommand } from './quarantine/command.ts';
import { redriveCommand } from './redrive.ts';
import { replayCommand } from './replay/command.ts';
import { secretCommand } from './secret/command.ts';
import { statusCommand } from './status.ts';
import { findTarget } from './target.ts';
import type { Target, TargetOptions } from './target.ts';
import { urlsCommand } from './urls.ts';

/** What the operator's command gets from the process that it runs in. */
export interface OpsContext {
  readonly env: Environment;
  readonly loadConfig: () => HookgateConfig;
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** A name that nothing else has. */
  readonly newId: () => string;
  /** A secret from standard input; never an argument, which other users of the machine could read. */
  readonly readSecret: () => Promise<string>;
  /** Asks the person at the terminal; absent where nobody is there. */
  readonly ask?: (question: string) => Promise<string>;
  readonly print: Print;
  readonly printError: Print;
  /** Takes the exit code of the command that ran. */
  readonly exit: (code: 0 | 1) => void;
}

/** What every subcommand works with. */
export interface Ops extends Pick<OpsContext, 'clock' | 'newId' | 'readSecret' | 'ask' | 'printError'> {
  readonly config: HookgateConfig;
  readonly target: Target;
}

/** Makes the action of a subcommand: finds the gateway, runs, prints the report. */
export type Action = <Arguments extends readonly unknown[]>(
  run: (ops: Ops, ...given: Arguments) => Promise<Report>,
) => (...given: [...Arguments, ...unknown[]]) => Promise<void>;

/** A part of the operator's command: `ops secret`, `ops status`. */
export type Subcommand = (action: Action) => Command;

/** One line a subcommand. */
const SUBCOMMANDS: readonly Subcommand[] = [
  statusCommand,
  eventCommand,
  deadLettersCommand,
  redriveCommand,
  quarantineCommand,
  replayCommand,
  missedCommand,
  secretCommand,
  urlsCommand,
];

/** `npm run ops -- …`: what an operator does with a gateway that runs. */
export function opsCommand(context: OpsContext): Command {
  const ops = new Command('ops')
    .description('Looks after a gateway that runs: on AWS with your usual credentials, or the one of npm start.')
    .option('--stage <stage>', 'the stage that is meant; default: the one of hookgate.config.ts')
    .option('--region <region>', 'the AWS region; default: the one of your credentials')
    .option('--local', 'the local gateway, on the port of PORT or on 4000')
    .option('--json', 'print JSON, for a program');

  const action: Action =
    (run) =>
    async (...given) => {
      const options = ops.opts<TargetOptions & { json?: boolean }>();
      const command = async (): Promise<Report> => {
        const config = context.loadConfig();
        const target = await findTarget(options, config, context.env);
        return run({ ...context, config, target }, ...(given as never));
      };
      context.exit(await report(command, { ...context, json: options.json ?? false }));
    };

  for (const subcommand of SUBCOMMANDS) ops.addCommand(subcommand(action));
  return ops;
}

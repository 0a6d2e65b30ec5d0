import type { HookgateConfig } from '../../lib/config/config.ts';
import type { ShellEnvironment } from '../local-gateway.ts';
import type { OperatedGateway } from './gateway.ts';
import type { Print } from './output.ts';

/** What the operator's command takes from the process that it runs in. */
export interface OpsContext {
  readonly env: ShellEnvironment;
  readonly loadConfig: () => HookgateConfig;
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a name that nothing else has. */
  readonly newId: () => string;
  /** Reads a secret from standard input; never an argument, which other users of the machine could read. */
  readonly readSecret: () => Promise<string>;
  /** Asks the person at the terminal; absent if nobody is there. */
  readonly ask?: (question: string) => Promise<string>;
  readonly print: Print;
  readonly printError: Print;
  /** Takes the exit code of the command that ran. */
  readonly exit: (code: 0 | 1) => void;
}

/** What every operation works with. */
export interface Ops extends Pick<OpsContext, 'clock' | 'newId' | 'readSecret' | 'ask' | 'printError'> {
  readonly config: HookgateConfig;
  readonly gateway: OperatedGateway;
}

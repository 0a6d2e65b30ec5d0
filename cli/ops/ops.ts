import type { HookgateConfig } from '../../lib/config/config.ts';
import type { ShellEnvironment } from '../local-gateway.ts';
import type { OperatedGateway } from './gateway.ts';
import type { HeldMessage } from './messages.ts';
import type { Print } from './output.ts';

/** The parts of its process that the operator's command uses. */
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
  /** How operations are asked for, for the record: the command line, or the MCP server. */
  readonly via: string;
  /** Writes a file that the operator named; absent if nobody at the desk is to get files. */
  readonly writeFile?: (path: string, content: string) => Promise<void>;
  readonly print: Print;
  readonly printError: Print;
  /** Takes the exit code of the command that ran. */
  readonly exit: (code: 0 | 1) => void;
}

/** The configuration, the gateway and the calls that every operation works with. */
export interface Ops extends Pick<OpsContext, 'clock' | 'newId' | 'readSecret' | 'ask' | 'writeFile' | 'printError'> {
  readonly config: HookgateConfig;
  readonly gateway: OperatedGateway;
  /** The body of a message as a person can read it; absent unless bodies are asked for, and the record says so. */
  readonly bodyOf?: (message: HeldMessage) => string;
}

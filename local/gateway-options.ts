import type { ShellEnvironment } from '../cli/local-gateway.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { AwsCall } from './call-log.ts';

/** How a gateway on this machine is started. */
export interface GatewayOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly config: HookgateConfig;
  /** Where the sources' local signing secrets may stand: `HOOKGATE_SECRET_<SOURCE>`. Default: none does. */
  readonly environment?: ShellEnvironment;
  /** Takes each line that a function or a part of the gateway writes. Default: nowhere. */
  readonly log?: (line: string) => void;
  /** Keeps what the services hold, so that the next start goes on with it. Default: nothing outlives the gateway. */
  readonly dataDirectory?: string | undefined;
  /** Ends the start; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called when the stack must be synthesized, because something has changed since it last was. */
  readonly onSynth?: () => void;
  /** Called for each AWS call when it is done and not answered yet: a test may end the caller there. */
  readonly onCall?: (call: AwsCall) => void;
  /**
   * Called with the payload of each batch whose function was ended before it answered, and with Lambda's name of the error: what it did
   * is not known.
   */
  readonly onUnanswered?: (payload: string, errorType: string) => void;
}

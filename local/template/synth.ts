/**
 * Synthesizes the stack of a configuration, in a process of its own: the CDK takes some hundred megabytes, which nothing
 * needs once the template is there. Gets its task by a message, and sends back what came of it.
 */
import process from 'node:process';
import { makeApp } from '../../lib/app.ts';
import { bundledInputs } from '../../lib/bundle-inputs.ts';
import { ConfigError } from '../../lib/config/config.ts';
import { explained } from '../start-failure.ts';
import { parseConfig } from './config-text.ts';

/** The configuration to synthesize, and the directory for the result. */
export interface SynthTask {
  readonly config: string;
  readonly outdir: string;
}

/** The files that the bundles were made of, or why there is no template: the parts of a {@link ConfigError}, or a line. */
export type SynthOutcome =
  | { readonly inputs: readonly string[] }
  | { readonly problems: readonly string[]; readonly file: string }
  | { readonly problem: string };

async function synth({ config, outdir }: SynthTask): Promise<SynthOutcome> {
  try {
    // CloudFormation's schemas are checked at `npm run synth`: here they would take most of the time.
    makeApp(await parseConfig(config), { outdir, validate: false }).synth();
    return { inputs: bundledInputs() };
  } catch (error) {
    if (process.env.HOOKGATE_DEBUG === '1') console.error(error);
    if (error instanceof ConfigError) return { problems: error.problems, file: error.file };
    return { problem: explained(error).message };
  }
}

process.once('message', (task: SynthTask) => {
  void synth(task).then((outcome) => process.send?.(outcome, () => process.disconnect()));
});

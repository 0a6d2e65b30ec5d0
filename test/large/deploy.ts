import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { REPOSITORY } from '../../lib/config/config.ts';
import { deployApp } from '../aws/deploy.ts';
import { startMoto } from '../aws/moto.ts';

/** Deploys so many mixed sources to an emulated account by the CDK's CLI. Returns what is wrong with that: a stack was not made. */
export async function deployProblems(count: number): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-large-'));
  const moto = await startMoto();
  try {
    const started = performance.now();
    const { stacks, template } = await deployApp({
      ...{ moto, directory, cwd: REPOSITORY, cli: join(REPOSITORY, 'node_modules/aws-cdk/bin/cdk') },
      command: `"${process.execPath}" test/large/app.ts ${count}`,
      // As `npm run deploy` does.
      concurrency: 5,
    });
    const seconds = (performance.now() - started) / 1000;
    const resources = Object.keys(template.Resources).length;
    console.log(`deployed: ${stacks.length} stacks, ${resources} resources in ${seconds.toFixed(0)} s`);
    // The gateway's own, and one of each source.
    return stacks.length === count + 1 ? [] : [`${stacks.length} stacks were deployed, and there are ${count + 1}`];
  } catch (error) {
    return [String(error), moto.complaint()];
  } finally {
    await moto.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

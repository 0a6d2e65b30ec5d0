/**
 * `npm run test:large [-- <sources> [--deploy]]`: a gateway of a hundred mixed sources is synthesized in time, stays within CloudFormation's limits,
 * is linted for a commercial region and for GovCloud, and starts on this machine. cfn-lint must be installed. With --deploy it is
 * deployed to an emulated account too, for which moto must be installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { makeApp } from '../../lib/app.ts';
import { mixedConfig } from './config.ts';
import { deployProblems } from './deploy.ts';
import { startProblems } from './start.ts';

const MOST_SECONDS = 90;
const MOST_RESOURCES = 450;
const MOST_BYTES = 900 * 1024;

const [, , sources = '100', ...flags] = process.argv;
const count = Number(sources);
const problems: string[] = [];
const config = mixedConfig(count);

for (const region of ['us-east-1', 'us-gov-west-1']) {
  const outdir = mkdtempSync(join(tmpdir(), 'hookgate-large-'));
  try {
    const started = performance.now();
    const { stacks } = makeApp(config, { outdir, region }).synth();
    const seconds = (performance.now() - started) / 1000;
    console.log(`${region}: ${stacks.length} stacks of ${count} sources in ${seconds.toFixed(1)} s`);
    if (seconds > MOST_SECONDS) problems.push(`${region}: the synthesis took ${seconds.toFixed(1)} s`);
    for (const { stackName, template, templateFullPath } of stacks) {
      const resources = Object.keys((template as { readonly Resources: object }).Resources).length;
      const { size } = statSync(templateFullPath);
      if (resources > MOST_RESOURCES) problems.push(`${region}: ${stackName} has ${resources} resources`);
      if (size > MOST_BYTES) problems.push(`${region}: the template of ${stackName} has ${size} bytes`);
    }
    const files = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
    const lint = spawnSync(
      'cfn-lint',
      ['--regions', region, '--template', ...files.map((file) => join(outdir, file))],
      {
        encoding: 'utf8',
      },
    );
    if (lint.error) problems.push('cfn-lint is not installed: pip install cfn-lint');
    else if (lint.status !== 0) problems.push(`${region}: cfn-lint says\n${lint.stdout}`);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

problems.push(...(await startProblems(count)));
if (flags.includes('--deploy')) problems.push(...(await deployProblems(count)));

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

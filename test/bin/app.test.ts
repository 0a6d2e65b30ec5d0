import { afterAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-app-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('a production gateway whose critical alarms reach nobody is not synthesized for a deployment', () => {
  const file = join(directory, 'hookgate.config.ts');
  writeFileSync(file, `export default { stage: 'production', sources: { osigu: { provider: 'osigu' } } };\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/run.js', 'bin/app.ts'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: { ...process.env, HOOKGATE_CONFIG: file, CDK_OUTDIR: join(directory, 'cdk.out') },
  });
  expect(status).not.toBe(0);
  expect(stdout + stderr).toContain('alarms.critical: names no e-mail address');
}, 120_000);

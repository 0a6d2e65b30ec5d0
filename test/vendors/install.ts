/**
 * Installs the vendors' SDKs into .hookgate/vendors, unless those of this lock file are there. They are not part of the
 * repository's own `npm ci`: together they are five times as large as what the gateway needs.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TARGET = join(import.meta.dirname, '../../.hookgate/vendors');
const LOCK = 'package-lock.json';
const DONE = join(TARGET, 'installed-lock.json');

const locked = readFileSync(join(import.meta.dirname, LOCK), 'utf8');
if (!existsSync(DONE) || readFileSync(DONE, 'utf8') !== locked) {
  mkdirSync(TARGET, { recursive: true });
  for (const file of ['package.json', LOCK]) copyFileSync(join(import.meta.dirname, file), join(TARGET, file));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: TARGET, stdio: 'inherit' });
  // Written last: an installation that was broken off is made again.
  copyFileSync(join(import.meta.dirname, LOCK), DONE);
}

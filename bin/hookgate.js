#!/usr/bin/env node
// The command of the package: `hookgate <command> [argument …]`. It is plain JavaScript, which an old Node reads too.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

if (!process.features.typescript) {
  // The customer's own files are TypeScript.
  console.error(`Hookgate needs Node 22.18 or later, and this is ${process.version}: install a newer one.`);
  process.exit(1);
}
const compiled = join(import.meta.dirname, 'commands.js');
await import(pathToFileURL(existsSync(compiled) ? compiled : join(import.meta.dirname, 'commands.ts')).href);

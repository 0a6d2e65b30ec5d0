// `node bin/run.js <file> [argument …]` runs a TypeScript file, unless this Node is too old for it. Nothing is imported before
// that is known: the first TypeScript file ends an old Node with a stack trace.
import './require-node.js';
import module from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Half of a command's time is the compiling of what it imports. The cache is in a folder of its own: code in a shared one
// could be another user's.
module.enableCompileCache(join(import.meta.dirname, '../.hookgate/compile-cache'));

const [node, , file = '', ...args] = process.argv;
process.argv = [node, resolve(file), ...args];
await import(pathToFileURL(resolve(file)).href);

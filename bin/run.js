// `node bin/run.js <file> [argument …]` runs a TypeScript file, unless this Node is too old for it. Nothing is imported before
// that is known: the first TypeScript file ends an old Node with a stack trace.
import './require-node.js';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [node, , file = '', ...args] = process.argv;
process.argv = [node, resolve(file), ...args];
await import(pathToFileURL(resolve(file)).href);

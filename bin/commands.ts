import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { codeFile, MADE, PACKAGE } from '../lib/places.ts';

/** A command of the package: the file of bin/ that it runs, and what it does. */
type Command = readonly [file: string, does: string];

const COMMANDS: Readonly<Record<string, Command>> = {
  init: ['init', 'writes a small repository into this folder: configuration, a handler and its test, a pipeline'],
  start: ['local', 'runs the gateway on this machine'],
  send: ['send', 'signs a delivery as the provider of a source would, and sends it'],
  demo: ['demo', 'shows what the local gateway makes of good and bad deliveries'],
  synth: ['cdk', 'makes the CloudFormation templates'],
  diff: ['cdk', 'says what a deployment would change'],
  deploy: ['cdk', 'deploys the gateway to your AWS account'],
  'upgrade-check': ['upgrade-check', 'names what a deployment would replace or remove'],
  ops: ['ops', 'operates a gateway: status, secrets, dead letters and more'],
  console: ['console', 'serves the console of a gateway to the browsers of this machine'],
  mcp: ['mcp', 'serves the operations to an assistant'],
  cost: ['cost', 'says what events cost'],
  capacity: ['capacity', 'says which quota of AWS is met first'],
  providers: ['providers', 'lists the providers'],
  'new-provider': ['new-provider', 'makes the files of a provider of your own'],
  app: ['app', 'is the CDK app, for "app" in cdk.json'],
};

function usage(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, [, does]]) => `  ${name.padEnd(width)}  ${does}`);
  return ['Usage: hookgate <command> [argument …]', '', ...lines, '', 'hookgate <command> --help says more.'].join(
    '\n',
  );
}

const version = (): string =>
  (JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { readonly version: string }).version;

const [node = '', , name = '--help', ...args] = process.argv;
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) {
  const file = codeFile(`bin/${command[0]}.ts`);
  process.argv = [node, file, ...(command[0] === 'cdk' ? [name] : []), ...args];
  module.enableCompileCache(join(MADE, 'compile-cache'));
  await import(pathToFileURL(file).href);
} else if (['--help', '-h', 'help'].includes(name)) console.log(usage());
else if (name === '--version') console.log(version());
else {
  console.error(`There is no command "${name}".\n\n${usage()}`);
  process.exitCode = 1;
}

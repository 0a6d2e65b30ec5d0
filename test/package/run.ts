/**
 * `npm run test:package`: the package as a customer gets it. It is packed, installed in a folder outside of the repository, and used
 * there: init, the new repository's own test, start, send, console, synth, upgrade-check. The templates are compared with the
 * repository's own for the same configuration. A second folder has a CDK app, and is deployed to the emulated account.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { PACKAGE } from '../../lib/places.ts';
import { freePort } from '../free-port.ts';
import { env, newFolder, say, typesIn } from './customer.ts';
import { existingApp } from './existing-app.ts';

/** The most bytes of the packed file, of what it holds, and of all that npm installs with it. */
const LIMITS = { packed: 4_000_000, unpacked: 12_000_000, installed: 350_000_000 };

const home = newFolder();
const { run, hookgate } = home;

const sizeOf = (directory: string): number =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

function withinLimit(name: keyof typeof LIMITS, bytes: number): void {
  say(`${name}: ${(bytes / 1e6).toFixed(1)} MB`);
  assert.ok(bytes <= LIMITS[name], `${name}: ${bytes} bytes, and the limit is ${LIMITS[name]}`);
}

function install(): void {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', home.path], { cwd: PACKAGE, env, stdio: 'inherit' });
  const [file = ''] = globSync('hookgate-*.tgz', { cwd: home.path });
  say(`packed ${file}`);
  withinLimit('packed', statSync(join(home.path, file)).size);
  // The versions of the peers that the repository has: their newest ones may make other templates.
  const { devDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const peers = ['aws-cdk', 'aws-cdk-lib', 'constructs'].map((name) => `${name}@${devDependencies[name] ?? ''}`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  run('npm', 'install', ...quiet, `./${file}`, ...peers);
  say('installed');
  withinLimit('unpacked', sizeOf(join(home.path, 'node_modules/hookgate')));
  withinLimit('installed', sizeOf(join(home.path, 'node_modules')));
}

function init(): void {
  // Before there is a configuration or a cdk.json.
  assert.match(hookgate('start', '--help').stdout, /Usage: start/);
  assert.match(hookgate('synth').stderr, /hookgate\.config\.ts cannot be used:\n {2}it does not exist/);
  assert.equal(hookgate('init').status, 0);
  const again = hookgate('init');
  assert.equal(again.status, 1);
  assert.match(again.stderr, /nothing is written/);
  assert.match(run('npm', 'test'), /pass 2/);
  assert.match(hookgate('providers', '--json').stdout, /"name": "stripe"/);
  assert.match(hookgate('ops', 'runbook', 'bus-dead-letters').stdout, /EventBridge/);
  assert.equal(hookgate('new-provider', 'acme').status, 0);
  // Its test fails until the delivery is one of the vendor's, and says so.
  const delivery = join(home.path, 'providers/acme/created.json');
  const { fillIn, ...filled } = JSON.parse(readFileSync(delivery, 'utf8')) as { readonly fillIn: string };
  assert.throws(() => run('npm', 'test'));
  writeFileSync(delivery, JSON.stringify(filled));
  assert.match(run('npm', 'test'), /acme\/created is refused if a signed part is altered[^]*fail 0/);
  assert.notEqual(fillIn, '');
  // The types are those of the package, for an editor and for whoever checks them.
  writeFileSync(
    join(home.path, 'handlers/wrong.ts'),
    `import { eventFor } from 'hookgate/testing';\nimport { HookgateStack } from 'hookgate/cdk';\n` +
      `export const made = HookgateStack;\nexport const wrong: number = eventFor('stripe').key;\n`,
  );
  assert.match(typesIn(home), /^handlers\/wrong\.ts\(4,14\): error TS2322.*\n$/);
  rmSync(join(home.path, 'handlers/wrong.ts'));
  // The resolution of a project with a bundler, beside the repository's own nodenext.
  assert.equal(typesIn(home, '--module', 'esnext', '--moduleResolution', 'bundler'), '');
  say('init, npm test, types, new-provider');
}

async function start(): Promise<void> {
  const gateway = spawn(process.execPath, [join(home.path, 'node_modules/hookgate/dist/bin/hookgate.js'), 'start'], {
    ...{ cwd: home.path, env: { ...env, PORT: String(await freePort()) }, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  try {
    const { origin, page } = await new Promise<{ origin: string; page: string }>((resolve, reject) => {
      let said = '';
      gateway.once('close', () => reject(new Error(`hookgate start has ended: ${said}`)));
      gateway.stdout.on('data', (data: Buffer) => {
        said += data.toString();
        const [, origin] = /listening on (\S+)/.exec(said) ?? [];
        const [, page] = /browser: (\S+?)#/.exec(said) ?? [];
        if (origin !== undefined && page !== undefined) resolve({ origin, page });
      });
    });
    say('hookgate start');
    const sent = spawnSync('npm', ['run', '--silent', 'send', '--', 'stripe'], {
      ...{ cwd: home.path, encoding: 'utf8', env: { ...env, PORT: new URL(origin).port } },
    });
    assert.match(sent.stdout, /200 {2}accepted/);
    assert.match(await (await fetch(page)).text(), /<div id="console">/);
    for (let tries = 0; tries < 450; tries += 1) {
      const text = await (await fetch(`${origin}/_local/events`)).text();
      if (text.includes('"PROCESSED"')) break;
      assert.ok(tries < 449, `the event is not processed: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    say('send, console, handler');
  } finally {
    gateway.removeAllListeners('close').kill('SIGTERM');
  }
}

/** Templates of an assembly by file, without what stands for code. */
function templates(directory: string): Map<string, string> {
  const files = globSync('*.template.json', { cwd: directory }).sort();
  return new Map(
    files.map((file) => [file, readFileSync(join(directory, file), 'utf8').replaceAll(/[\da-f]{64}/g, 'HASH')]),
  );
}

async function synth(): Promise<void> {
  const own = join(home.path, 'own.out');
  const cdk = ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '!(*--*)', '--output', own];
  const both = [
    spawn('npm', ['run', '--silent', 'synth'], { cwd: home.path, env, stdio: 'inherit' }),
    spawn(process.execPath, cdk, {
      ...{ cwd: PACKAGE, stdio: 'inherit' },
      env: { ...env, HOOKGATE_CONFIG: join(home.path, 'hookgate.config.ts') },
    }),
  ];
  assert.deepEqual(await Promise.all(both.map((child) => once(child, 'close'))), [
    [0, null],
    [0, null],
  ]);
  const [packaged, repository] = [templates(join(home.path, 'cdk.out')), templates(own)];
  assert.equal(packaged.size, 2);
  assert.deepEqual([...packaged.keys()], [...repository.keys()]);
  for (const [name, template] of packaged)
    assert.ok(template === repository.get(name), `${name} is not what the repository makes of the same configuration`);
  say('synth: the templates are the repository’s');
  assert.equal(hookgate('upgrade-check', '--template', 'cdk.out').status, 0);
  const deployed = JSON.parse(readFileSync(join(home.path, 'cdk.out/hookgate-dev.template.json'), 'utf8')) as {
    readonly Resources: { readonly Ledger: { readonly Properties: Record<string, unknown> } };
  };
  deployed.Resources.Ledger.Properties.TableName = 'planted';
  writeFileSync(join(home.path, 'planted.json'), JSON.stringify(deployed));
  const found = hookgate('upgrade-check', '--template', 'planted.json');
  assert.match(found.stdout, /Ledger \(AWS::DynamoDB::Table\) IS REPLACED, because TableName changes/);
  assert.equal(found.status, 1);
  say('upgrade-check');
}

try {
  install();
  init();
  // Side by side: most of either is the waiting for a process.
  await Promise.all([existingApp(home), start().then(synth)]);
} finally {
  rmSync(home.path, { recursive: true, force: true });
}

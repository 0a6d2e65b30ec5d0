import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { PACKAGE } from '../../lib/places.ts';
import { teardown } from '../../local/teardown.ts';
import { deployApp } from '../aws/deploy.ts';
import { ACCOUNT, startMoto } from '../aws/moto.ts';
import type { Moto } from '../aws/moto.ts';
import { run } from '../aws/running.ts';
import { folderAt, say } from './customer.ts';
import type { Folder } from './customer.ts';

const TEMPLATES = join(PACKAGE, 'test/package/existing-app');
const SECRET = 'a-secret-of-acme';

/**
 * A second folder: a CDK app with a network, a permissions boundary, a provider of its own and two targets. It is synthesized, linted
 * and deployed to the emulated account with what the first folder has installed, and takes a delivery there.
 */
export async function existingApp({ path: installed }: Folder): Promise<void> {
  const down = teardown();
  try {
    const moto = await startMoto();
    down.add(() => moto.stop());
    // To an address the S3 client adds no bucket's name, which would be a host that nobody knows.
    const AWS_ENDPOINT_URL_S3 = moto.url.replace('localhost', '127.0.0.1');
    const variables = { ...moto.environment, AWS_ENDPOINT_URL_S3, HOOKGATE_SECRET_ACME: SECRET };
    const folder = folderAt(join(installed, 'existing'), variables);
    write(folder, installed);
    const directory = join(folder.path, 'deployed');
    mkdirSync(directory);
    const cli = join(folder.path, 'node_modules/aws-cdk/bin/cdk');
    const deployed = await deployApp({
      ...{ moto, directory, cwd: folder.path, cli, command: `"${process.execPath}" app.ts` },
    });
    assert.deepEqual([...deployed.stacks].sort(), ['Platform', 'hookgate-test', 'hookgate-test--acme']);
    say('a CDK app: synthesized and deployed to the emulated account');
    await lint(join(directory, 'cdk.out'));
    const resources = await resourcesOf(moto, deployed.stacks);
    await checkSurroundings(moto, resources);
    const physicalIds = new Map(resources.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
    const running = await run({ moto, deployed, physicalIds, directory });
    down.add(() => running.stop());
    await deliver(folder, moto, running.url);
  } finally {
    await down.run();
  }
}

/** Writes the folder: its provider is made by the package's own command. */
function write(folder: Folder, installed: string): void {
  mkdirSync(folder.path);
  // Not installed again, which takes half a minute.
  symlinkSync(join(installed, 'node_modules'), join(folder.path, 'node_modules'));
  writeFileSync(join(folder.path, 'cdk.json'), '{ "app": "node app.ts", "versionReporting": false }\n');
  writeFileSync(join(folder.path, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const file of ['app.ts', 'hookgate.config.ts']) {
    const text = readFileSync(join(TEMPLATES, file), 'utf8');
    const ofPackage = text.replace(/'(?:\.\.\/)+package\/index\.ts'/, "'hookgate'");
    writeFileSync(join(folder.path, file), ofPackage.replace(/'(?:\.\.\/)+package\/(\w+)\.ts'/, "'hookgate/$1'"));
  }
  const made = folder.hookgate('new-provider', 'acme');
  assert.equal(made.status, 0, made.stderr);
}

/** Lints what was synthesized, by the rules of `.ci/run`. */
async function lint(assembly: string): Promise<void> {
  const args = ['--config-file', join(PACKAGE, '.cfnlintrc'), '--template', join(assembly, '*.template.json')];
  const [code] = (await once(spawn('cfn-lint', args, { stdio: 'inherit' }), 'close')) as [number | null];
  assert.equal(code, 0, 'cfn-lint refuses a template of the CDK app');
  say('linted');
}

interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly stack: string;
}

async function resourcesOf({ client }: Moto, stacks: readonly string[]): Promise<Resource[]> {
  const cloudFormation = new CloudFormationClient(client);
  const all = stacks.map(async (stack) => {
    const { StackResourceSummaries = [] } = await cloudFormation.send(
      new ListStackResourcesCommand({ StackName: stack }),
    );
    return StackResourceSummaries.map(
      ({ LogicalResourceId = '', ResourceType: type = '', PhysicalResourceId: physicalId = '' }) => ({
        ...{ logicalId: LogicalResourceId, type, physicalId, stack },
      }),
    );
  });
  return (await Promise.all(all)).flat();
}

/** Every role of the gateway is bounded, and every function is in the network, as IAM and Lambda have them. */
async function checkSurroundings({ client }: Moto, resources: readonly Resource[]): Promise<void> {
  const ofGateway = (type: string) => resources.filter((each) => each.type === type && each.stack !== 'Platform');
  const [iam, lambda] = [new IAMClient(client), new LambdaClient(client)];
  const [roles, functions] = [ofGateway('AWS::IAM::Role'), ofGateway('AWS::Lambda::Function')];
  assert.ok(roles.length >= 5, `${roles.length} roles`);
  assert.ok(functions.length >= 4, `${functions.length} functions`);
  for (const { physicalId, logicalId } of roles) {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: physicalId }));
    const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    assert.equal(boundary, `arn:aws:iam::${ACCOUNT}:policy/boundary`, logicalId);
  }
  for (const { physicalId, logicalId } of functions) {
    const command = new GetFunctionConfigurationCommand({ FunctionName: physicalId });
    const { VpcConfig } = await lambda.send(command);
    assert.equal(VpcConfig?.SubnetIds?.length, 2, logicalId);
    assert.equal(VpcConfig.SecurityGroupIds?.length, 1, logicalId);
  }
  say('every role is bounded, and every function is in the network');
}

/** A delivery of the provider comes to the first target: the customer's own queue. */
async function deliver(folder: Folder, { client }: Moto, url: string): Promise<void> {
  const stored = folder.tell(SECRET, 'ops', 'secret', 'set', 'acme');
  assert.equal(stored.status, 0, stored.stderr);
  const sent = await folder.inBackground('send', 'acme', '--url', `${url}/webhooks/acme`);
  assert.match(sent, /200 {2}accepted/);
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const QueueUrl = `${client.endpoint}/${ACCOUNT}/billing`;
  for (let tries = 0; ; tries += 1) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    if (Messages.length > 0) break;
    assert.ok(tries < 12, 'no event has come to the target');
  }
  say('a delivery has come to the target');
}

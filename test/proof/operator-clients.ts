import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { HookgateConfig } from '../../lib/config/config.ts';
import type { Ops } from '../../cli/ops/ops.ts';
import type { OperatedGateway } from '../../cli/ops/gateway.ts';
import { EVERY_FAULT, READ_FAULTS } from './faults.ts';
import type { Call } from './faults.ts';
import type { Gateway } from './gateway.ts';

/**
 * The surroundings of an operator's command: its AWS clients are the services in memory, and the schedule decides on each of
 * their calls. Finding the stack's parts, before anything is done, is not a call here.
 */
export function opsOn(gateway: Gateway, call: Call, newId: () => string): Ops {
  const { name, windowSeconds } = gateway.source;
  const clients = new Map<unknown, unknown>([
    [DynamoDBClient, gateway.dynamo(call, 'the operator')],
    [SQSClient, { send: (command: SqsCommand) => sqsCall(gateway, call, command) }],
    [S3Client, { send: (command: unknown) => s3Call(gateway, call, command) }],
  ]);
  const operated: OperatedGateway = {
    ...{ name: 'memory', isLocal: true },
    output: (output) => OUTPUTS[output] ?? missing(output),
    outputOf: (_source, output) => missing(output),
    resourceOf: (_source, part) => Promise.resolve(queueOf(gateway, part).url),
    client: <Client>(Kind: new (...given: never[]) => Client) => (clients.get(Kind) ?? missing(Kind.name)) as Client,
  };
  return {
    ...{ gateway: operated, newId, clock: gateway.simulation.clock },
    config: { sources: [{ name, windowSeconds }] } as unknown as HookgateConfig,
    readSecret: () => missing('a secret'),
    printError: () => undefined,
  };
}

const OUTPUTS: Readonly<Record<string, string>> = {
  ...{ LedgerTable: 'ledger', ArchiveBucket: 'archive', BodyBucket: 'bodies' },
};

/** The queue of a name such as `DeadLetters`. */
function queueOf({ queue, quarantine, deadLetters }: Gateway, part: string) {
  if (part === 'Quarantine') return quarantine;
  return part === 'DeadLetters' ? deadLetters : queue;
}

function missing(what: string): never {
  throw new Error(`the operator in memory has no ${what}`);
}

interface SqsCommand {
  readonly input: { readonly QueueUrl?: string };
}

function sqsCall(gateway: Gateway, call: Call, command: SqsCommand): Promise<unknown> {
  const { queue, quarantine, deadLetters } = gateway;
  const to = [queue, quarantine, deadLetters].find(({ url }) => url === command.input.QueueUrl) ?? missing('queue');
  const execute = (): unknown => {
    if (command instanceof SendMessageCommand) gateway.decisions.sent(gateway.decode(command.input.MessageBody ?? ''));
    return to.execute(command);
  };
  return call(`${command.constructor.name.replace('Command', '')}, ${to.url}`, execute, {
    faults: command instanceof GetQueueAttributesCommand ? READ_FAULTS : EVERY_FAULT,
  });
}

function s3Call({ archive, objects }: Gateway, call: Call, command: unknown): Promise<unknown> {
  if (command instanceof PutObjectCommand) {
    const { Key: key = '', Body: body } = command.input;
    return call('PutObject, bodies', () => void objects.set(key, body as Buffer));
  }
  if (!(command instanceof GetObjectCommand)) return missing('such a call of S3');
  const { Bucket: bucket, Key: key = '' } = command.input;
  const get = (): unknown => {
    const bytes = bucket === 'archive' ? archive.get(key) : objects.get(key);
    if (!bytes) throw new NoSuchKey({ message: 'no such key', $metadata: {} });
    return { Body: { transformToByteArray: () => Promise.resolve(bytes) } };
  };
  return call(`GetObject, ${bucket}`, get, { faults: READ_FAULTS, digest: () => key });
}

import type { AwsRequest } from './services/stand-in.ts';

/**
 * The resource that a call is about, by the name that the call gives it: a table, a queue's URL, a secret, a bus,
 * `bucket/key`; undefined if the call names nothing or cannot be read.
 */
export function resourceOf({ service, path, body }: Pick<AwsRequest, 'service' | 'path' | 'body'>): string | undefined {
  if (service === 's3') return decodeURIComponent(path.slice(1).split('?')[0] ?? '');
  const read = READERS[service];
  try {
    return read?.(JSON.parse(body.toString('utf8')) as Input);
  } catch {
    return undefined;
  }
}

interface Input {
  readonly TableName?: string;
  readonly QueueUrl?: string;
  readonly SecretId?: string;
  readonly Entries?: readonly { readonly EventBusName?: string }[];
}

const READERS: Readonly<Record<string, (input: Input) => string | undefined>> = {
  dynamodb: ({ TableName }) => TableName,
  events: ({ Entries }) => Entries?.[0]?.EventBusName,
  secretsmanager: ({ SecretId }) => SecretId,
  sqs: ({ QueueUrl }) => QueueUrl,
};

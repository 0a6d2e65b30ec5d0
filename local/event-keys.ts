import { parseEventItemKey } from '../lambdas/contract.ts';
import { decodeKey } from '../lambdas/core/event-key.ts';
import { decodeMessage } from '../lambdas/core/message.ts';
import type { AwsRequest } from './services/stand-in.ts';

/** The events that a call is about, each as `source#key`; empty if it is about no event or cannot be read. */
export function eventKeys({ service, body }: Pick<AwsRequest, 'service' | 'body'>): string[] {
  const read = READERS[service];
  if (!read) return [];
  try {
    return read(JSON.parse(body.toString('utf8')) as Input).filter((key) => key !== undefined);
  } catch {
    return [];
  }
}

/** The events in the batch that a function was invoked with. */
export function keysOfBatch(payload: string): string[] {
  const { Records: records = [] } = JSON.parse(payload) as { Records?: readonly { readonly body: string }[] };
  return records.map(({ body }) => keyOfMessage(body)).filter((key) => key !== undefined);
}

interface Attribute {
  readonly pk?: { readonly S?: string };
}

/** The fields that name an event in the inputs of UpdateItem, PutItem, GetItem, SendMessage and PutEvents. */
interface Input {
  readonly Key?: Attribute;
  readonly Item?: Attribute;
  readonly MessageBody?: string;
  readonly Entries?: readonly { readonly Detail?: string }[];
}

const READERS: Readonly<Record<string, (input: Input) => (string | undefined)[]>> = {
  dynamodb: ({ Key, Item }) => [keyOfItem((Key ?? Item)?.pk?.S)],
  sqs: ({ MessageBody: body }) => [body === undefined ? undefined : keyOfMessage(body)],
  events: ({ Entries = [] }) => Entries.map(({ Detail: detail }) => keyOfDetail(detail)),
};

/** The name of an event by its ledger item; of any other item its partition key. */
function keyOfItem(pk: string | undefined): string | undefined {
  const item = pk === undefined ? undefined : parseEventItemKey(pk);
  return item ? `${item.source}#${decodeKey(item.key).key}` : pk;
}

function keyOfMessage(text: string): string | undefined {
  const event = decodeMessage(text);
  return event.ok ? `${event.value.source}#${event.value.key}` : undefined;
}

function keyOfDetail(detail = '{}'): string | undefined {
  const { metadata } = JSON.parse(detail) as { metadata?: { source: string; key: string } };
  return metadata && `${metadata.source}#${metadata.key}`;
}

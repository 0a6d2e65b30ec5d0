import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';

/** The clients of the verifier. */
export interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
}

/** The secret's value by its stage; undefined if there is no such version. */
type SecretOf = (stage: string) => string | undefined;

/** Clients that answer at once, without the SDK: an in-memory port. */
export function memoryClients(secretOf: SecretOf): Clients {
  const send = ({ input: { VersionStage: stage } }: { readonly input: { readonly VersionStage?: string } }) => {
    if (stage === undefined) return Promise.resolve({});
    const value = secretOf(stage);
    return value === undefined
      ? Promise.reject(new ResourceNotFoundException({ message: '', $metadata: {} }))
      : Promise.resolve({ SecretString: value, VersionId: stage, CreatedDate: new Date() });
  };
  return { dynamo: { send }, sqs: { send }, secrets: { send } } as unknown as Clients;
}

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The SDK's own clients, which make, sign and read everything; only the network is not there. */
export function sdkClients(secretOf: SecretOf): Clients {
  const respond = ({ headers, body }: SdkRequest): object => {
    const input = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) as Partial<
      Record<string, string>
    >;
    const stage = input.VersionStage ?? '';
    if (headers['x-amz-target']?.endsWith('GetSecretValue') && secretOf(stage) === undefined)
      return { __type: 'ResourceNotFoundException' };
    if (input.VersionStage !== undefined)
      return { SecretString: secretOf(stage), VersionId: stage, CreatedDate: Date.now() / 1000 };
    if (input.MessageBody === undefined) return {};
    return { MessageId: 'bench', MD5OfMessageBody: createHash('md5').update(input.MessageBody).digest('hex') };
  };
  const requestHandler = {
    handle: (request: SdkRequest) => {
      const answer = respond(request);
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      const body = Buffer.from(JSON.stringify(answer));
      return Promise.resolve({ response: { statusCode: '__type' in answer ? 400 : 200, headers, body } });
    },
  };
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench', sessionToken: 'bench' },
    requestHandler: requestHandler as never,
  };
  return {
    dynamo: new DynamoDBClient(config),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    secrets: new SecretsManagerClient(config),
  };
}

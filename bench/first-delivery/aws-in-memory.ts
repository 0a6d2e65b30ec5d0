/**
 * Takes the place of the SDK's HTTP handler in a bundle: the clients make, sign and read every call as ever, and AWS answers at once,
 * without a network.
 */
import { hash } from 'node:crypto';
import process from 'node:process';

/** An answer is never a stream here. */
export const streamCollector = (body: Uint8Array): Promise<Uint8Array> => Promise.resolve(body);

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

export class NodeHttpHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };

  static create(): NodeHttpHandler {
    return new NodeHttpHandler();
  }

  handle({ headers, body }: Request): Promise<{ response: object }> {
    const [statusCode, answer] = answerTo(headers['x-amz-target'] ?? '', body);
    return Promise.resolve({ response: { statusCode, headers: HEADERS, body: Buffer.from(JSON.stringify(answer)) } });
  }

  updateHttpClientConfig(): void {
    // Nothing depends on it.
  }

  httpHandlerConfigs(): object {
    return {};
  }

  destroy(): void {
    // There is nothing to end.
  }
}

/** A secret with a current version alone; a ledger that knows no event; a queue that takes everything. */
function answerTo(target: string, body: string | Uint8Array): [status: number, answer: object] {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (target.endsWith('GetSecretValue')) {
    if (!text.includes('AWSCURRENT')) return [400, { __type: 'ResourceNotFoundException' }];
    return [200, { SecretString: process.env.BENCH_SECRET, VersionId: 'v1', CreatedDate: Date.now() / 1000 }];
  }
  if (!target.endsWith('SendMessage')) return [200, {}];
  const { MessageBody: message } = JSON.parse(text) as { MessageBody: string };
  return [200, { MessageId: 'bench', MD5OfMessageBody: hash('md5', message) }];
}

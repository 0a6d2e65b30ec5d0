import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { ENV } from '../../../../lambdas/contract.ts';
import { errorName } from '../../../../lambdas/core/errors.ts';
import { PermanentError } from '../../../../lambdas/core/permanent-error.ts';
import type { Task } from '../../../../lambdas/core/process/handle.ts';
import { close, listen, readBody } from '../../../../local/http.ts';

/* The code of an HTTP target itself, and a real receiver: what it sends, and what it makes of each kind of answer. */

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}
type Respond = (response: ServerResponse, request: IncomingMessage) => void;

let respond: Respond;
const requests: Request[] = [];
const receiver = createServer((request, response) => {
  void readBody(request).then((body) => {
    const headers = request.headers as Record<string, string>;
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers, body });
    respond(response, request);
  });
});
const port = await listen(receiver);

const secretOf = (seed: string): string => `whsec_${Buffer.alloc(32, seed).toString('base64')}`;
const [OLD, NEW] = [secretOf('the old secret'), secretOf('the new secret')];
const manager = mockClient(SecretsManagerClient);

/** The versions that Secrets Manager has, by their labels. */
function stored(versions: Readonly<Partial<Record<'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS', string>>>): void {
  manager.reset();
  manager.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
  for (const [VersionStage, SecretString] of Object.entries(versions))
    manager
      .on(GetSecretValueCommand, { SecretId: 'arn:secret', VersionStage })
      .resolves({ SecretString, VersionId: VersionStage, CreatedDate: new Date() });
}
// A value that signs nothing, stored by mistake: no try fails by it.
stored({ AWSCURRENT: OLD, AWSPENDING: NEW, AWSPREVIOUS: 'whsec_no base64!' });

process.env.AWS_REGION = 'us-east-1';
process.env[ENV.bodyBucket] = 'bodies-test';
process.env[ENV.secretArn] = 'arn:secret';
process.env[ENV.previousGraceSeconds] = '3600';
process.env[ENV.target] = `http://127.0.0.1:${port}/events?tenant=1`;
process.env[ENV.targetTimeoutSeconds] = '1';
const { makeHandler } = await import('../../../../lambdas/processor/targets/http.ts');

afterAll(() => close(receiver));
beforeEach(() => {
  respond = (response) => void response.writeHead(204).end();
});
afterEach(() => void requests.splice(0));

const task = (body: string | Buffer = '{"n":1.10,  "a":[]}', more: Partial<Task['event']> = {}): Task => ({
  event: {
    ...{ source: 'stripe.partner', provider: 'stripe', key: 'evt_1', type: 'invoice.paid', via: 'webhook' },
    ...{ receivedAt: '2026-03-01T09:00:00.000Z', contentType: 'application/json', body: Buffer.from(body), ...more },
  },
  isRetry: false,
});
const handOver = async (...tasks: Task[]) => Promise.allSettled(makeHandler(() => 30_000)(tasks));

/** The reason that the ledger keeps of a failed try; undefined of one that succeeded. */
async function reasonOf(given = task()): Promise<unknown> {
  const [outcome] = await handOver(given);
  return outcome?.status === 'rejected' ? errorName(outcome.reason) : undefined;
}

describe('a request', () => {
  it('is the exact bytes of the event, and its signature is of these', async () => {
    const text = '{"exact": 1.10, "big": 12345678901234567890, "ü": "\uFFFF"}';
    expect(await reasonOf(task(text))).toBeUndefined();
    const [{ headers, ...request } = { headers: {} }] = requests;
    expect(request).toStrictEqual({ method: 'POST', path: '/events?tenant=1', body: Buffer.from(text) });
    const isSignedBy = (secret: string, what: string): boolean => {
      try {
        return new Webhook(secret).verify(what, headers) !== undefined;
      } catch {
        return false;
      }
    };
    expect(isSignedBy(OLD, text)).toBe(true);
    expect(isSignedBy(OLD, JSON.stringify(JSON.parse(text)))).toBe(false);
    expect(isSignedBy(secretOf('another'), text)).toBe(false);
  });

  it.each([
    ['the current', OLD],
    ['the pending', NEW],
  ])('is signed by %s secret while a rotation goes on', async (_which, secret) => {
    await handOver(task());
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = requests;
    expect(new Webhook(secret).verify(body.toString(), headers)).toMatchObject({ n: 1.1 });
  });

  it.each(['text/plain; name="ü"', 'text/plain; name="\u{1f4a9}"', 'a\r\nx-admin: 1', 'a\u0000b', ''])(
    'leaves out a type of content that no header can hold: %j',
    async (contentType) => {
      expect(await reasonOf(task('{}', { contentType }))).toBeUndefined();
      expect(requests[0]?.headers).not.toHaveProperty('content-type');
      expect(requests[0]?.headers).not.toHaveProperty('x-admin');
    },
  );

  it('has a name and a type that a sender chose in ASCII, and no header beside its own', async () => {
    const key = 'evt\r\nx-admin: 1 ü';
    expect(await reasonOf(task('{}', { key, type: 'a\u0000b', contentType: '' }))).toBeUndefined();
    const [request] = requests;
    expect(request?.headers).toMatchObject({ 'hookgate-key': encodeURIComponent(key), 'hookgate-type': 'a%00b' });
    expect(request?.headers).not.toHaveProperty('x-admin');
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  it('is one per event, each with its own outcome', async () => {
    respond = (response) => void response.writeHead(requests.at(-1)?.body.toString() === 'b' ? 503 : 200).end();
    const outcomes = await handOver(...['a', 'b', 'c'].map((body) => task(body, { key: body })));
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('an answer', () => {
  it.each([301, 302, 303, 307, 308])('of %d is a failed try, and nothing is sent to where it leads', async (status) => {
    respond = (response) =>
      void response.writeHead(requests.length > 1 ? 200 : status, { location: '/elsewhere' }).end();
    expect(await reasonOf()).toBe(`http_${status}_redirect`);
    expect(requests.map(({ path }) => path)).toStrictEqual(['/events?tenant=1']);
  });

  it.each([
    [400, 'http_400_refused'],
    [401, 'http_401_refused'],
    [404, 'http_404_refused'],
    [429, 'http_429_unavailable'],
    [500, 'http_500_unavailable'],
  ])('of %d is a failed try, and another one is made later', async (status, reason) => {
    respond = (response) => void response.writeHead(status).end();
    const [outcome] = await handOver(task());
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: reason } });
    expect(outcome).not.toMatchObject({ reason: expect.any(PermanentError) });
  });

  it('of 410 is for good, as Standard Webhooks has it', async () => {
    respond = (response) => void response.writeHead(410).end();
    const [outcome] = await handOver(task());
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'http_410_refused' } });
    expect(outcome).toMatchObject({ reason: expect.any(PermanentError) });
  });

  it('without an end, or of any length, costs neither time nor memory: nothing but its status is read', async () => {
    let written = 0;
    let isGone: Promise<unknown> = Promise.resolve();
    const chunk = Buffer.alloc(64 * 1024, 'x');
    respond = (response) => {
      isGone = new Promise((resolve) => response.on('close', () => resolve(undefined)));
      response.writeHead(200, { 'content-type': 'text/plain' });
      const write = (): void => {
        if (response.destroyed || written > 1_000_000_000) return;
        response.write(chunk, () => setImmediate(write));
        written += chunk.length;
      };
      write();
    };
    const start = performance.now();
    expect(await reasonOf()).toBeUndefined();
    await isGone;
    expect(performance.now() - start).toBeLessThan(900);
    expect(written).toBeLessThan(50_000_000);
  });

  it('says nothing that anybody gets to see but its status', async () => {
    respond = (response) =>
      void response.writeHead(500, 'the reason is a secret', { 'x-cause': 'a secret' }).end('{"error":"a secret"}');
    const [outcome] = await handOver(task());
    const error = outcome?.status === 'rejected' ? (outcome.reason as Error) : undefined;
    const shown = [error?.name, error?.message, JSON.stringify(error), String(error?.cause)].join(' ');
    expect(shown).toContain('http_500_unavailable');
    expect(shown).not.toContain('secret');
  });
});

describe('a receiver', () => {
  it('that does not answer in time fails the try after just that time', async () => {
    respond = () => undefined;
    const start = performance.now();
    expect(await reasonOf()).toBe('http_timed_out');
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('that hangs up fails the try by the code of the error, without an address', async () => {
    respond = (_response, request) => void request.socket.destroy();
    expect(await reasonOf()).toMatch(/^http_connection_\w+$/);
  });

  it('whose answer has headers without end fails the try', async () => {
    respond = (response) =>
      void response
        .writeHead(200, Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`x-${i}`, 'y'.repeat(500)])))
        .end();
    expect(await reasonOf()).toMatch(/^http_connection_\w+$/);
  });
});

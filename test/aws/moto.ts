import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

export const REGION = 'us-east-1';
/** moto's account. */
export const ACCOUNT = '123456789012';

/** AWS, emulated. */
export interface Moto {
  readonly url: string;
  /** Settings of an SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Environment variables that lead a command-line tool here, and nowhere else. */
  readonly environment: Readonly<Record<string, string>>;
  /** The end of what the server wrote: why it failed, if it failed. */
  complaint(): string;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts a moto server of its own, empty, on a free port of this machine. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const script = fileURLToPath(new URL('moto_server.py', import.meta.url));
  const server = spawn('python3', [script, '--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  createInterface({ input: server.stderr }).on('line', (line) => {
    // It logs every request too.
    if (!/"[A-Z]+ .* HTTP\/1\.1" 2\d\d /.test(line)) said = `${said}\n${line}`.slice(-5_000);
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
  };
  // A name and not an address: the CDK CLI puts the bucket's name before it.
  const url = `http://localhost:${port}`;
  if (!(await answers(url, () => server.exitCode !== null))) {
    await stop();
    throw new Error(`moto did not start: ${said}`);
  }
  return {
    url,
    client: { endpoint: url, region: REGION, credentials: CREDENTIALS },
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_S3: url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      // A second try would hide why the first one failed.
      AWS_MAX_ATTEMPTS: '1',
    },
    stop,
    complaint: () => said,
  };
}

async function answers(url: string, hasEnded: () => boolean): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end && !hasEnded()) {
    const isUp = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return true;
    await sleep(100);
  }
  return false;
}

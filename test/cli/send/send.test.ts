import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerNamed } from '../../../lambdas/providers/index.ts';
import { send } from '../../../cli/send/send.ts';
import type { SendOptions } from '../../../cli/send/send.ts';
import { sourceNamed } from '../../../cli/sources.ts';

const osigu = { name: 'osigu', provider: providerNamed('osigu'), options: {} };
const optum = { name: 'optum', provider: providerNamed('optum'), options: {} };

describe('npm run send', () => {
  let server: Server;
  let url: string;
  let status: number;
  let bodies: Buffer[];
  let underWay: number;
  let mostUnderWay: number;
  /** Nothing is answered before so many requests are under way at once. */
  let answeredFrom: number;
  let held: (() => void)[];
  let lines: string[];

  beforeEach(async () => {
    status = 200;
    bodies = [];
    lines = [];
    underWay = mostUnderWay = 0;
    answeredFrom = 1;
    held = [];
    server = createServer((request, response) => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      void request.toArray().then((chunks) => {
        bodies.push(Buffer.concat(chunks as Buffer[]));
        held.push(() => {
          underWay -= 1;
          const answer = status === 200 ? { status: 'accepted' } : { error: 'signature_mismatch' };
          response.writeHead(status).end(JSON.stringify(answer));
        });
        if (mostUnderWay >= answeredFrom) held.splice(0).forEach((answer) => answer());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/osigu`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const run = (options: Partial<SendOptions> = {}, source = osigu): Promise<boolean> =>
    send(source, { repeat: 1, url, ...options }, {}, (line) => lines.push(line));

  it('prints the status, the answer and the milliseconds', async () => {
    expect(await run()).toBe(true);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/webhooks\/osigu {2}\(Osigu, \d+ bytes\)$/);
    expect(lines[1]).toMatch(/^200 {2}accepted {2}\d+\.\d ms$/);
  });

  it('shapes the sample by its type', async () => {
    await run({ type: 'dispensing.completed' });
    expect(JSON.parse(String(bodies[0]))).toMatchObject({ event_type: 'dispensing.completed' });
  });

  it('is content with the rejection status for a forged or a stale delivery, and with nothing else', async () => {
    status = 401;
    expect(await run({ forge: true })).toBe(true);
    expect(await run({ stale: true })).toBe(true);
    expect(await run()).toBe(false);
    expect(lines.at(-1)).toBe('Expected a status from 200 to 299.');
    status = 200;
    expect(await run({ forge: true })).toBe(false);
    expect(lines.at(-1)).toBe('Expected 401, as Osigu is answered.');
  });

  it('sends the same delivery again and again, 50 at once', async () => {
    answeredFrom = 50;
    expect(await run({ repeat: 120 })).toBe(true);
    expect(bodies).toHaveLength(120);
    expect(new Set(bodies.map(String)).size).toBe(1);
    expect(mostUnderWay).toBe(50);
    expect(lines.at(-1)).toMatch(/^120 of 120 as expected; fastest .* ms, median .* ms, slowest .* ms$/);
  });

  it('refuses a stale delivery of a provider that signs no time', async () => {
    await expect(run({ stale: true }, optum)).rejects.toThrow('signs no timestamp');
    expect(bodies).toEqual([]);
  });

  it('refuses to sign with the local default for another machine', async () => {
    await expect(run({ url: 'https://hooks.example.com/webhooks/osigu' })).rejects.toThrow('HOOKGATE_SECRET_OSIGU');
  });

  it('says how to start the gateway where nothing listens', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(run()).rejects.toThrow(
      /^Nothing listens on http:\/\/127\.0\.0\.1:\d+\. Start the gateway with `npm start`/,
    );
  });

  it('says which sources there are', () => {
    expect(() => sourceNamed('osigo', [osigu, optum])).toThrow(
      'There is no source "osigo" in hookgate.config.ts; the sources are: osigu, optum.',
    );
  });

  describe('with a file', () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hookgate-send-'))));
    afterEach(() => rm(folder, { recursive: true }));

    it('sends its exact bytes', async () => {
      const bytes = Buffer.from([0x7b, 0x20, 0xff, 0x00, 0x0d, 0x0a, 0x7d]);
      await writeFile(join(folder, 'body.json'), bytes);
      expect(await run({ file: join(folder, 'body.json') })).toBe(true);
      expect(bodies[0]).toEqual(bytes);
    });

    it('says in one line that it cannot read it', async () => {
      const file = join(folder, 'none.json');
      await expect(run({ file })).rejects.toThrow(new Error(`Cannot read ${file} (ENOENT).`));
    });

    it('takes no type beside it', async () => {
      await expect(run({ file: 'body.json', type: 'x' })).rejects.toThrow('--type shapes a sample');
    });
  });
});

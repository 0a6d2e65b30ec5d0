import type { IncomingMessage } from 'node:http';

/** The body's bytes, or undefined if there are more than `limit`; the rest is then read and dropped. */
export async function readBodyUpTo(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += (chunk as Buffer).length;
    if (size <= limit) chunks.push(chunk as Buffer);
    else chunks.length = 0;
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}

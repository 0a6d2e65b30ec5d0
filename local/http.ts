import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Loopback: nothing of the local gateway is reachable from another machine. */
export const LOOPBACK = '127.0.0.1';

/** Listens on loopback and resolves to the port; 0 takes a free one. Rejects if the port is in use. */
export function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Stops listening, and ends every connection. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The body's bytes, exactly. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

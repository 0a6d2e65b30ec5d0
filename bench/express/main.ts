/** The Express receiver in a process of its own: it says where it is, and ends with its parent. */
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { receiver } from './receiver.ts';

const server = receiver(process.env.OSIGU_WEBHOOK_SECRET ?? 'local-secret-osigu').listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/osigu/webhooks` });
});
process.once('disconnect', () => process.exit(0));

import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { OperatorAccess } from '../../local/stack-view.ts';

/** A server in a process of its own. */
export interface ServerProcess<Addresses> {
  readonly addresses: Addresses;
  stop(): Promise<void>;
}

export interface GatewayAddresses {
  readonly url: string;
  readonly aws: OperatorAccess;
  readonly fakeProviders: string;
}

/** Starts a module that says its addresses when it is ready, and ends when it is disconnected. */
export async function startProcess<Addresses>(module: URL): Promise<ServerProcess<Addresses>> {
  const child = fork(module, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const addresses = await Promise.race([
    once(child, 'message').then(([message]) => message as Addresses),
    exited.then(() => Promise.reject(new Error(`${module.pathname} ended before it was ready`))),
  ]);
  return {
    addresses,
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}

export const startGateway = (): Promise<ServerProcess<GatewayAddresses>> =>
  startProcess(new URL('main.ts', import.meta.url));

import { Agent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { LOOPBACK, readBody } from '../http.ts';
import type { AwsResponse, StandIn } from './stand-in.ts';

/** A stand-in that listens on a port of its own. */
export interface Forwarder {
  readonly handle: StandIn;
  close(): void;
}

/** Hands calls on to a stand-in's port, unchanged, and its answers back. */
export function forwardTo(port: number): Forwarder {
  const agent = new Agent({ keepAlive: true });
  const handle: StandIn = ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const options = { host: LOOPBACK, port, method, path, agent, headers: withoutHop(headers) };
      const outgoing = httpRequest(options, (incoming) => {
        readBody(incoming).then(
          (answer) => resolve(toResponse(incoming.statusCode ?? 502, incoming.headers, answer)),
          reject,
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return { handle, close: () => agent.destroy() };
}

const HOP_BY_HOP = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);

const withoutHop = (headers: IncomingHttpHeaders): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value] as const],
    ),
  );

const toResponse = (status: number, headers: IncomingHttpHeaders, body: Buffer): AwsResponse => ({
  status,
  headers: withoutHop(headers),
  body,
});

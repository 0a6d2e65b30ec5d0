/** The parts of Express that the benchmark uses, since it brings no types of its own. */
declare module 'express' {
  import type { IncomingMessage, Server } from 'node:http';

  export interface Request extends IncomingMessage {
    readonly body: unknown;
    get(name: string): string | undefined;
  }

  export interface Response {
    status(code: number): Response;
    send(body: string): Response;
  }

  type Handler = (request: Request, response: Response, next: () => void) => void;

  interface Express {
    post(path: string, ...handlers: readonly Handler[]): void;
    listen(port: number, host: string, ready: () => void): Server;
  }

  const express: {
    (): Express;
    raw(options: { readonly type: string }): Handler;
  };
  export default express;
}

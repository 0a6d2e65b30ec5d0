import express from 'express';
import type { Request, Response } from 'express';
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A plain receiver of Osigu's events after the idea of Osigu's own document, "Implement a webhook receiver": Express, the raw
 * body, the signature, 200. It remembers nothing and queues nothing, as the document's sample does not.
 */
export function receiver(secret: string): ReturnType<typeof express> {
  const app = express();
  app.post('/osigu/webhooks', express.raw({ type: 'application/json' }), (request: Request, response: Response) => {
    const refusal = refusalOf(request.get('x-osigu-signature') ?? '', request.body as Buffer, secret);
    if (refusal !== undefined) {
      response.status(401).send(refusal);
      return;
    }
    JSON.parse((request.body as Buffer).toString());
    response.status(200).send('ok');
  });
  return app;
}

const WINDOW_SECONDS = 300;

function refusalOf(header: string, body: Buffer, secret: string): string | undefined {
  const fields = new Map(header.split(',').map((field) => field.split('=', 2) as [string, string | undefined]));
  const time = Number(fields.get('t'));
  if (!time || Math.abs(Date.now() / 1000 - time) > WINDOW_SECONDS) return 'timestamp';
  const expected = createHmac('sha256', secret).update(`${time}.${body.toString()}`).digest();
  const given = Buffer.from(fields.get('v1') ?? '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'signature';
}

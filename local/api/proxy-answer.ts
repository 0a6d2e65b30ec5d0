import { z } from 'zod';
import type { HttpAnswer } from './gateway-response.ts';

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The answer that a Lambda proxy integration must give; a key more, and API Gateway takes it for malformed. */
const ProxyAnswer = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
  cookies: z.array(z.string()).nullish(),
});

/** The HTTP answer in a function's answer, a JSON text; undefined if it is malformed. */
export function proxyAnswer(payload: string, requestId: string): HttpAnswer | undefined {
  const parsed = ProxyAnswer.safeParse(parseJson(payload));
  if (!parsed.success) return undefined;
  const { statusCode, body, isBase64Encoded } = parsed.data;
  const multi = Object.entries(parsed.data.multiValueHeaders ?? {});
  const multiNames = new Set(multi.map(([name]) => name.toLowerCase()));
  const single = Object.entries(parsed.data.headers ?? {}).filter(([name]) => !multiNames.has(name.toLowerCase()));
  const headers = [...single, ...multi.flatMap(([name, values]) => values.map((value) => [name, value] as const))];
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: statusCode,
    headers: [
      ...(typed ? [] : ([['content-type', 'application/json']] as const)),
      ['x-amzn-requestid', requestId],
      ...headers.filter(([name]) => !FRAMING.has(name.toLowerCase())),
    ],
    body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}

/** The front makes these itself. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection']);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

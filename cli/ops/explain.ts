import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { webhookPath } from '../../lambdas/contract.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import { parseIsoTime } from '../../lambdas/core/schemes/time.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { CAUSES } from '../explain/causes.ts';
import type { Cause } from '../explain/causes.ts';
import { explain } from '../explain/explain.ts';
import { deliveryOf, readHeaders, readRequest } from '../explain/request.ts';
import type { SavedRequest } from '../explain/request.ts';
import type { KnownSecret } from '../explain/trial.ts';
import { errorCode, OperatorError } from '../operator-error.ts';
import { sourceNamed } from '../sources.ts';
import { count, source } from './inputs.ts';
import { operation } from './operation.ts';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';
import { listVersions, readValue, secretOf } from './secret/stored.ts';
import { storedFlaw } from './secret/new-secret.ts';

const input = z.object({
  source,
  request: z
    .string()
    .optional()
    .describe('a file: a raw HTTP request, output of curl -v, a HAR file, or API Gateway’s event'),
  headers: z.string().optional().describe('a file of header lines, in place of --request'),
  body: z.string().optional().describe('a file with the exact body'),
  last: z
    .boolean()
    .default(false)
    .describe('the last delivery that the local gateway has refused, in place of --request'),
  at: z
    .string()
    .optional()
    .describe('when it arrived, for a request that was saved: 2026-03-01T09:00:00Z; default: now'),
});

const output = z.object({
  source: z.string(),
  causes: z.array(
    z.object({
      cause: z.enum(Object.keys(CAUSES) as [Cause, ...Cause[]]),
      confidence: z.enum(['proved', 'likely']).describe('proved: with this undone, the signature matches'),
      sentence: z.string(),
      detail: z.string(),
      change: z.string().describe('what to change'),
    }),
  ),
  tried: count.describe('verifications that were tried'),
  complete: z.boolean().describe('false if not everything was tried within the bounds'),
});

export type Explanation = z.infer<typeof output>;

/** `ops explain <source>`: why a delivery is refused. */
export const explainOperation = operation({
  name: 'explain',
  summary: 'Says why a delivery is refused, with the secrets at hand and none of them shown (docs/explain.md).',
  ...{ input, output, positional: ['source'] },
  effect: 'reads',
  readsFiles: ['request', 'headers', 'body'],
  permissions: ['secretsmanager:ListSecretVersionIds', 'secretsmanager:GetSecretValue', 'kms:Decrypt'],
  run: explainDelivery,
});

async function explainDelivery(ops: Ops, given: z.infer<typeof input>): Promise<Report<z.infer<typeof output>>> {
  const { name, provider, options } = sourceNamed(given.source, ops.config.sources);
  const { gateway, config } = ops;
  const url = gateway.isLocal ? gateway.name + webhookPath(name) : await gateway.outputOf(name, 'Url');
  const last = given.last ? await lastRefused(ops, name, given) : undefined;
  const delivery = deliveryOf(last ? readRequest(Buffer.from(last.event)) : await savedRequest(given), url);
  const at = given.at ?? last?.at;
  const now = at === undefined ? new Date(ops.clock()) : timeOf(at);
  const secrets = (
    await Promise.all(config.sources.map((each) => secretsOf(each.name, ops, each.name === name)))
  ).flat();
  const others = [...providers.values()]
    .filter((other) => other.name !== provider.name)
    .map((other) => ({ title: other.title, scheme: schemeOf(other, {}) }));
  const scheme = schemeOf(provider, options);
  const { findings, tried, complete } = explain(
    { source: name, delivery, scheme, options, now, secrets, others },
    ops.clock,
  );
  const causes = findings.map(({ cause, confidence, detail }) => {
    const [sentence, change] = CAUSES[cause];
    return { cause, confidence, sentence, detail, change };
  });
  return {
    text: [
      ...causes.flatMap(({ confidence, sentence, detail, change }) => [
        `${confidence === 'likely' ? 'Likely: ' : ''}${sentence} (${detail})`,
        `  ${change}`,
      ]),
      `${tried} verifications were tried${complete ? '' : ', and not everything within the bounds'}.`,
    ],
    data: { source: name, causes, tried, complete },
    ok: causes[0]?.cause === 'accepted',
  };
}

/** The versions of a source's secret. The secrets of other sources are looked at as far as they may be read. */
async function secretsOf(name: string, ops: Ops, isOwn: boolean): Promise<KnownSecret[]> {
  try {
    const secret = await secretOf(name, ops);
    const versions = await listVersions(secret);
    const current = versions.find(({ label }) => label === 'current');
    const graceEnd = (current?.createdAt.getTime() ?? 0) + secret.previousGraceHours * 3_600_000;
    const read = versions.map(async ({ label }): Promise<KnownSecret[]> => {
      const stored = await readValue(secret, label);
      if (!stored) return [];
      const isOver = label === 'previous' && graceEnd <= ops.clock();
      const works = storedFlaw(stored.value, secret, ops) === undefined;
      return [{ source: name, label, value: stored.value, accepted: !isOver && (works || label === 'current') }];
    });
    return (await Promise.all(read)).flat();
  } catch (error) {
    if (isOwn) throw error;
    return [];
  }
}

const RefusedDelivery = z.object({ at: z.string(), event: z.string() }).nullable();

/** The last delivery that was refused, which the local gateway keeps in memory; on AWS nothing keeps what is refused. */
async function lastRefused({ gateway }: Ops, source: string, { request, headers, body }: z.infer<typeof input>) {
  if (request !== undefined || headers !== undefined || body !== undefined)
    throw new OperatorError('Say which delivery is meant: --last, or files.');
  if (!gateway.view)
    throw new OperatorError(
      '--last is for --local: on AWS nothing keeps a refused delivery. Save one, and give --request <file>.',
    );
  const last = await gateway.view(`/_local/refusals/${encodeURIComponent(source)}`, RefusedDelivery);
  if (last) return last;
  throw new OperatorError(
    `The local gateway has refused no delivery to ${source} since it was started, or it was too large.`,
  );
}

/** Bytes of the largest file that is read: more than any delivery has, also as base64. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

async function savedRequest({ request, headers, body }: z.infer<typeof input>): Promise<SavedRequest> {
  if ((request === undefined) === (headers === undefined))
    throw new OperatorError(
      'Say which delivery is meant: --request <file>, --headers <file> and --body <file>, or --last.',
    );
  const saved =
    request === undefined
      ? { headers: readHeaders((await contentOf(headers ?? '')).toString('latin1').split(/\r?\n/)) }
      : readRequest(await contentOf(request));
  return body === undefined ? saved : { ...saved, body: await contentOf(body) };
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new OperatorError(`${path} is larger than any delivery.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`Cannot read ${path} (${errorCode(error)}).`);
  }
}

function timeOf(text: string): Date {
  const time = parseIsoTime(text);
  if (time) return time;
  throw new OperatorError(`--at must be a time with a zone, such as 2026-03-01T09:00:00Z, and is "${text}".`);
}

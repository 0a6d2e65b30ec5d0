import { z } from 'zod';
import type { SourceConfig } from '../../lib/config/config.ts';
import { localSecrets, targetUrl } from '../local-gateway.ts';
import type { ShellEnvironment } from '../local-gateway.ts';
import { OperatorError } from '../operator-error.ts';
import { postRepeatedly } from '../send/post.ts';
import { isExpected, sample, signed, signsTime } from '../send/signed.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import { sourceNamed } from '../sources.ts';

/** How a delivery of the console's own departs from what the provider would send. */
export const WAYS = ['valid', 'forged', 'stale', 'altered', 'twice'] as const;
type Way = (typeof WAYS)[number];

export const SendInput = z.strictObject({
  source: z.string(),
  way: z.enum(WAYS),
  type: z.string().max(200).optional(),
});

/** An answer of the gateway, and whether it is the right one; null if the coverage of the signature decides that. */
export interface Sent {
  readonly bytes: number;
  readonly answers: readonly {
    readonly status: number;
    readonly answer: string;
    readonly milliseconds: number;
    readonly expected: boolean | null;
  }[];
}

/** Signs a sample as the provider of a source would, and sends it to the local gateway. */
export async function sendSample(
  { source: name, way, type }: z.infer<typeof SendInput>,
  sources: readonly SourceConfig[],
  env: ShellEnvironment,
): Promise<Sent> {
  const source = sourceNamed(name, sources);
  if (way === 'stale' && !signsTime(source))
    throw new OperatorError(`${source.provider.title} signs no timestamp, so none of its deliveries can be stale.`);
  const url = targetUrl(name, undefined, env);
  const body = sample(source, new Date(), type);
  const flaws = { forge: way === 'forged', stale: way === 'stale' };
  const delivery = signed({ source, url, body, secret: localSecrets(source, env).signing, now: new Date(), flaws });
  const sent = way === 'altered' ? { ...delivery, body: altered(delivery.body) } : delivery;
  const outcomes = await postRepeatedly(sent, way === 'twice' ? 2 : 1);
  return {
    bytes: sent.body.length,
    answers: outcomes.map((outcome) => ({ ...outcome, expected: isRight(outcome.status, source, way) })),
  };
}

/** A signature over some fields, or over none, lets some changes of a body pass: which, is the provider's doing. */
function isRight(status: number, { provider, options }: SourceConfig, way: Way): boolean | null {
  if (way !== 'altered') return isExpected(status, provider, { forge: way === 'forged', stale: way === 'stale' });
  return schemeOf(provider, options).coverage === 'body' ? status === provider.rejectionStatus : null;
}

/** The body with its last letter or digit changed: still of its kind, and not what was signed. */
function altered(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const at = changed.findLastIndex((byte) => /[a-z0-9]/i.test(String.fromCharCode(byte)));
  if (at < 0) return Buffer.concat([changed, Buffer.from(' ')]);
  changed[at] = changed[at] === 0x31 ? 0x32 : 0x31;
  return changed;
}

import { z } from 'zod';
import type { SourceConfig } from '../../lib/config/config.ts';
import { localSecrets, targetUrl } from '../local-gateway.ts';
import type { ShellEnvironment } from '../local-gateway.ts';
import { OperatorError } from '../operator-error.ts';
import { postRepeatedly } from '../send/post.ts';
import { coverageOf, isExpected, sample, signed, signsTime } from '../send/signed.ts';
import type { Flaws } from '../send/signed.ts';
import { sourceNamed } from '../sources.ts';

/** The ways in which a sample can depart from the provider's own deliveries; `valid` does not. */
export const WAYS = ['valid', 'forged', 'stale', 'altered', 'twice'] as const;
type Way = (typeof WAYS)[number];

export const SendInput = z.strictObject({
  source: z.string(),
  way: z.enum(WAYS),
  type: z.string().max(200).optional(),
});

/** The gateway's answers to a sample. `expected`: whether the answer is the right one; null if the signature's coverage decides. */
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
  const flaws = flawsOf(way);
  const delivery = signed({ source, url, body, secret: localSecrets(source, env).signing, now: new Date(), flaws });
  const outcomes = await postRepeatedly(delivery, way === 'twice' ? 2 : 1);
  return {
    bytes: delivery.body.length,
    answers: outcomes.map((outcome) => ({ ...outcome, expected: isRight(outcome.status, source, way) })),
  };
}

const flawsOf = (way: Way): Flaws => ({ forge: way === 'forged', stale: way === 'stale', alter: way === 'altered' });

/** Whether an answer is right; null if it cannot be told, because a signature over some fields, or none, lets some changes pass. */
const isRight = (status: number, source: SourceConfig, way: Way): boolean | null =>
  way === 'altered' && coverageOf(source) !== 'body' ? null : isExpected(status, source.provider, flawsOf(way));

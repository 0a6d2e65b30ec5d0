import { createPrivateKey, createPublicKey } from 'node:crypto';
import { ENV } from '../../lambdas/contract.ts';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import { sampleOf, schemeOf } from '../../lambdas/core/provider.ts';
import type { Source } from '../../lambdas/core/source.ts';
import { isObject } from '../../lambdas/core/json.ts';
import { bodyOf } from '../bodies.ts';
import { proxyEventOf } from '../handler/events.ts';
import { SECRET, URL_OF_SOURCE } from '../sources.ts';
import { primitiveOf } from './primitive.ts';

/** A delivery as Lambda hands it over, and the environment of the function that answers it. */
export interface PreparedDelivery {
  readonly event: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A signed delivery of so many bytes, as the provider would send it now. */
export function prepare(source: Source, bytes: number): PreparedDelivery {
  const { provider, options } = source;
  const now = new Date();
  const pair = secretFrom(provider, options, SECRET);
  const scheme = schemeOf(provider, options);
  const { body, headers, isJson } = sampleOfSize(source, bytes, now);
  const signed = scheme.sign({ url: URL_OF_SOURCE, body, now, headers, options, secrets: [pair.signing] });
  return {
    event: JSON.stringify(proxyEventOf({ ...headers, ...signed.headers }, body)),
    environment: {
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
      ...{ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024', BENCH_SECRET: pair.stored },
      ...(scheme.fetchesKeys && {
        BENCH_KEY: createPublicKey(createPrivateKey(pair.signing)).export({ type: 'spki', format: 'pem' }).toString(),
      }),
      BENCH_PRIMITIVE: JSON.stringify(primitiveOf(source, pair, body, isJson)),
      ...{ [ENV.gateway]: 'hookgate-bench', [ENV.source]: source.name, [ENV.provider]: provider.name },
      ...{ [ENV.options]: JSON.stringify(options), [ENV.windowSeconds]: String(source.windowSeconds) },
      ...{ [ENV.maxBodyBytes]: String(source.maxBodyBytes), [ENV.secretArn]: 'bench' },
      ...{ [ENV.previousGraceSeconds]: '3600', [ENV.ledgerTable]: 'bench', [ENV.bodyBucket]: 'bench' },
      [ENV.queueUrl]: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
      [ENV.quarantineUrl]: 'https://sqs.us-east-1.amazonaws.com/123456789012/quarantine',
    },
  };
}

/** The provider's sample, made up to a size: with records if it is an object, else with one long field. */
function sampleOfSize({ provider, options }: Source, bytes: number, now: Date) {
  const { body, headers } = sampleOf(provider, { id: 'bench', now, options });
  const json = parsed(body.toString());
  if (isObject(json)) return { headers, isJson: true, body: bodyOf(provider, bytes, now) };
  const [first] = Array.isArray(json) ? (json as readonly unknown[]) : [];
  if (!isObject(first)) {
    const start = `${body.toString()}&Body=`;
    return { headers, isJson: false, body: Buffer.from(start + 'x'.repeat(Math.max(0, bytes - start.length))) };
  }
  const padding = 'x'.repeat(Math.max(0, bytes - body.length));
  return { headers, isJson: true, body: Buffer.from(JSON.stringify([{ ...first, padding }])) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { telemetry } from '../../lambdas/adapters/observer.ts';
import type { Event } from '../../lambdas/core/event.ts';
import { decodeMessage, encodeMessage, hasBody } from '../../lambdas/core/message.ts';
import type { EventQueue } from '../../lambdas/core/ports.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { responder } from '../../lambdas/verifier/respond.ts';
import { fixedSecrets, MemoryLedger } from '../lambdas/core/in-memory.ts';
import { secretsOf, sourceOf } from '../lambdas/providers/deliveries.ts';

/** A whole second, so that a timestamp in seconds says it exactly. */
export const NOW = new Date('2026-03-01T09:30:00.000Z');
export const HOST = 'hooks.example.com';
export const SECRET = 'the secret of the run c4n4ry7f3a91';

/** The verifier of a provider's source as it is deployed, on ports in memory. */
export interface Subject {
  respond(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult>;
  /** How many events have been queued or quarantined. */
  readonly taken: () => number;
}

export function subjectOf(provider: Provider): Subject {
  const source = sourceOf(provider);
  const { observer, logger, metrics } = telemetry(source.name, 'hookgate-test');
  const clock = (): number => NOW.getTime();
  let taken = 0;
  /** Takes what SQS would, and what comes out again is what went in. */
  const queue: EventQueue = {
    send(event: Event) {
      const message = decodeMessage(encodeMessage(event));
      const same = message.ok && hasBody(message.value) && message.value.body.equals(event.body);
      if (!same) return Promise.reject(new Error('the message does not hold the event'));
      taken++;
      return Promise.resolve();
    },
  };
  const ledger = new MemoryLedger(clock);
  const ports = {
    clock,
    observer,
    secrets: fixedSecrets(secretsOf(provider, SECRET).stored),
    ledger,
    queue,
    quarantine: queue,
    keys: { get: () => Promise.resolve(schemeOf(provider, {}).fetchesKeys ? keyOf(provider) : undefined) },
  };
  const handler = responder(source, { logger, metrics }, ports);
  return { respond: (event) => handler(event, CONTEXT), taken: () => taken };
}

/** The key that a provider whose keys are fetched publishes. */
const keyOf = (provider: Provider): KeyObject => createPublicKey(createPrivateKey(secretsOf(provider, SECRET).signing));

const CONTEXT = {
  ...{ awsRequestId: 'request', functionName: 'Verifier', functionVersion: '1', memoryLimitInMB: '1024' },
  ...{
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Verifier',
    logGroupName: '',
    logStreamName: '',
  },
  ...{ callbackWaitsForEmptyEventLoop: true, getRemainingTimeInMillis: () => 9_000 },
} as unknown as Context;

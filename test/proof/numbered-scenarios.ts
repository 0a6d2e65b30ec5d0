import { sha256 } from '../../lambdas/core/hash.ts';
import type { HttpResponse } from '../../lambdas/core/http/http.ts';
import { notification } from '../lambdas/providers/fhir/notifications.ts';
import type { Gateway } from './gateway.ts';
import { Poller } from './poller.ts';
import type { ProviderApi } from './poller.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { BoundedScenario } from './staging.ts';

export const FHIR_OPTIONS = {
  ...{ baseUrl: 'https://fhir.example.com', tokenUrl: 'https://fhir.example.com/token' },
  ...{ subscription: '7', fromNumber: 1, dialect: 'standard', writeOffHours: 24 },
};

const textOf = (number: string): string =>
  notification({ type: 'query-event', count: '2', events: [{ number, focus: `Encounter/${number}` }] });

const answer = (body: string): HttpResponse => ({ status: 200, headers: new Map(), body });

/** A server that has counted events, and gives one at a time. Every counted event is safe once a poll has succeeded. */
const fhirApi = (gateway: Gateway, numbers: readonly string[]): ProviderApi => ({
  answer: ({ url }) => {
    if (url.endsWith('$status')) return answer(notification({ type: 'query-status', count: String(numbers.length) }));
    return answer(textOf(/eventsSinceNumber=(\d+)/.exec(url)?.[1] ?? ''));
  },
  polled: () => {
    const receivedAt = gateway.simulation.now;
    for (const number of numbers)
      gateway.promises.acknowledged({
        key: `7/${number}`,
        bodyHash: sha256(textOf(number)),
        receivedAt,
        fate: 'processed',
      });
  },
  isDone: () => true,
  state: () => '',
});

/** Numbered events: what was lost is found by its number, beside what is delivered. */
export function numberedScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const poller =
    (...numbers: readonly string[]) =>
    (gateway: Gateway): Poller =>
      new Poller(gateway, fhirApi(gateway, numbers));
  const settings = { provider: product.fhir, options: FHIR_OPTIONS };
  return [
    scenario(
      'numbered gap',
      'A numbered event is lost, found missing, and fetched.',
      ...[bounds(1, 0, 0), bounds(2, 0, 1)],
      [poller('1'), processor],
      settings,
    ),
    scenario(
      'numbered and delivered',
      'One of two numbered events is delivered while both are found missing.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers({ name: 'number 1', body: textOf('1'), fate: 'processed' }), poller('1', '2'), processor],
      settings,
    ),
  ];
}

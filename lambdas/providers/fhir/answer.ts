import type { Answer } from '../../core/delivery.ts';
import type { Options } from '../../core/envelope.ts';

/**
 * The answer to a delivery that is safe. HAPI reads the answer as a resource, and sends again what it cannot read; Health
 * Gorilla takes 200 and 202 alone; the others want a success.
 */
export function acknowledge({ options }: { readonly options: Options }): Answer {
  if (options.answer === 'no-content') return { status: 204 };
  if (options.answer === 'empty') return { status: 200 };
  return {
    status: 200,
    headers: { 'content-type': 'application/fhir+json' },
    body: { resourceType: 'Bundle', type: 'transaction-response' },
  };
}

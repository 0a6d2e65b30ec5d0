import { batchScenarios } from './batch-scenarios.ts';
import { breakerScenarios } from './breaker-scenarios.ts';
import { capturedScenarios } from './captured-scenarios.ts';
import type { Mail } from './deliveries.ts';
import { START } from './gateway.ts';
import type { Gateway } from './gateway.ts';
import { ONE_FACT } from './identities.ts';
import { logScenarios } from './log-scenarios.ts';
import { numberedScenarios } from './numbered-scenarios.ts';
import { operatorScenarios } from './operator-scenarios.ts';
import { orderScenarios } from './order-scenarios.ts';
import { outageScenarios } from './outage-scenarios.ts';
import type { Exclusion } from './poller.ts';
import { NVSEP_OPTIONS, nvsepApi, OPTUM_OPTIONS, optumApi, Poller } from './poller.ts';
import type { Product } from './product.ts';
import { proofScenarios } from './proof-scenarios.ts';
import { refusingScenarios } from './refusing-scenarios.ts';
import { rotationBeside } from './rotation.ts';
import { AFTER_THE_WINDOW, bounds, processor, providers, staging, timeToLive, UNLIMITED } from './staging.ts';
import type { BoundedScenario } from './staging.ts';
import { targetScenarios } from './target-scenarios.ts';
import { ROTATION_OPTIONS } from './two-sides.ts';

/** All scenarios: each runs the product's own code. */
export function scenarios(product: Product): BoundedScenario[] {
  const event = product.optum.sample({ id: 'evt_1', now: new Date(START) });
  const exclusion = product.nvsep.sample({ id: 'evt_1', now: new Date(START) });
  const { data } = JSON.parse(exclusion) as { data: Exclusion };
  const listed: Exclusion = { id: data.id, createdAt: data.createdAt };
  /** Another exclusion, delivered under an event id that reads as the listed one's key. */
  const namesake = JSON.stringify({
    id: `exclusion:${data.id}`,
    type: 'cfs_exclusions.created',
    data: { id: 'other' },
  });
  const conflicting = event.replace('{', '{ "other": 1,');
  const mail = (name: string, more: Partial<Mail> = {}): Mail => ({ name, body: event, fate: 'processed', ...more });
  const noJson: Partial<Mail> = { body: 'no JSON', fate: 'quarantined' };
  /** Neither an id nor a time: the event key is the hash of the body, and its age is not known. */
  const timeless: Partial<Mail> = { body: '{"type":"timeless"}' };
  const scenario = staging(product);

  return [
    scenario(
      'one delivery',
      'An event is sent until it is acknowledged, and processed.',
      ...[bounds(1, 1, 1), bounds(2, 1, 1)],
      [providers(mail('A')), processor],
      // Two faults and a delay fail three tries: the next one succeeds.
      { attempts: 4 },
    ),
    scenario(
      'two at the door',
      'The same event is delivered twice at once; every interleaving on the accept path.',
      ...[bounds(1, 0, 1), bounds(1, 0, UNLIMITED)],
      [providers(mail('A', { fate: 'queued' }), mail('A again', { fate: 'queued' }))],
    ),
    scenario(
      'two deliveries',
      'The same event is delivered twice at once, and processed.',
      ...[bounds(1, 0, 0), bounds(1, 1, 1)],
      [providers(mail('A'), mail('A again')), processor],
    ),
    scenario('conflict', 'Two bodies come at once under one event key.', ...[bounds(1, 0, 0), bounds(1, 0, 1)], [
      providers(mail('A', { fate: 'safe' }), mail('B', { fate: 'safe', body: conflicting })),
      processor,
    ]),
    scenario(
      'quarantine',
      'A body that is no JSON is delivered twice at once.',
      ...[bounds(1, 0, 1), bounds(2, 0, 2)],
      [providers(mail('A', noJson), mail('A again', noJson)), processor],
    ),
    scenario(
      'large body',
      'An event that no queue message holds is sent until it is acknowledged, and processed, byte for byte.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(mail('A', { body: event.replace('{', `{ "padding": "${'x'.repeat(2 ** 20)}",`) })), processor],
    ),
    scenario(
      'forgery',
      'A forged delivery comes beside an authentic one under the same event key.',
      ...[bounds(1, 0, 0), bounds(1, 1, 1)],
      [providers(mail('A'), mail('the forgery', { body: conflicting, forged: true, fate: 'refused' })), processor],
    ),
    scenario(
      'replay',
      'An event that tells its age comes again when the ledger may have forgotten it: it waits for a person.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [
        providers(mail('A'), mail('the replay', { at: AFTER_THE_WINDOW, fate: 'quarantined' })),
        ...[processor, timeToLive],
      ],
    ),
    scenario(
      'after the window',
      'An event that does not tell its age comes twice after the window: it is a new one, and processed once more.',
      ...[bounds(0, 0, 1), bounds(1, 0, 1)],
      [
        providers(
          mail('A', timeless),
          ...['A anew', 'A anew again'].map((name) => mail(name, { ...timeless, at: AFTER_THE_WINDOW })),
        ),
        ...[processor, timeToLive],
      ],
    ),
    ...capturedScenarios(product),
    ...proofScenarios(product),
    ...batchScenarios(product),
    ...targetScenarios(product),
    ...operatorScenarios(product),
    ...breakerScenarios(product),
    ...orderScenarios(product),
    ...outageScenarios(product),
    scenario(
      'missed event',
      'An event that the provider could not deliver is got by polling.',
      ...[bounds(1, 0, 0), bounds(2, 0, 1)],
      [(gateway) => new Poller(gateway, optumApi(gateway, [event])), processor],
      { options: OPTUM_OPTIONS },
    ),
    scenario(
      'missed and delivered',
      'An event is delivered late, while it is listed as missed beside one that cannot be read.',
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [providers(mail('A')), (gateway) => new Poller(gateway, optumApi(gateway, [event, 'no JSON'])), processor],
      { options: OPTUM_OPTIONS },
    ),
    ...numberedScenarios(product),
    ...refusingScenarios(product),
    ...logScenarios(product),
    scenario(
      'delivered and listed',
      'An exclusion is delivered under one event key, and listed under another one.',
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [
        providers(mail('A', { body: exclusion })),
        (gateway) => new Poller(gateway, nvsepApi(gateway, [listed])),
        processor,
      ],
      { provider: product.nvsep, options: NVSEP_OPTIONS, identity: ONE_FACT },
    ),
    scenario(
      'namesakes',
      'An event is delivered under an id that reads as the key of a listed one: they are two events.',
      ...[bounds(0, 0, 0), bounds(0, 0, 1)],
      [
        providers(mail('A', { body: namesake })),
        ...[(gateway: Gateway) => new Poller(gateway, nvsepApi(gateway, [listed])), processor],
      ],
      { provider: product.nvsep, options: NVSEP_OPTIONS },
    ),
    scenario(
      'number and text',
      'Two events have the same digits as their id: one as a number, one as a text.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [
        providers(...[7, '7'].map((id) => mail(`A, a ${typeof id}`, { body: JSON.stringify({ id, type: 't' }) }))),
        processor,
      ],
      { provider: product.nvsep, options: NVSEP_OPTIONS },
    ),
    scenario(
      'rotation',
      'The secret is rotated: tried again after a fault, or given up and started anew. Optum delivers meanwhile.',
      ...[bounds(1, 0, 0), bounds(1, 1, 1)],
      [(gateway) => rotationBeside(1, gateway)],
      { options: ROTATION_OPTIONS },
    ),
    scenario(
      'in the rotation',
      'Optum delivers twice at any moments of a rotation, which ends while the verifier reads the secret.',
      ...[bounds(0, 0, 1), bounds(1, 0, 1)],
      [(gateway) => rotationBeside(2, gateway)],
      { options: ROTATION_OPTIONS },
    ),
  ];
}

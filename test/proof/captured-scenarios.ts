import { encodeKey, keyOfBody } from '../../lambdas/core/event-key.ts';
import { sha256 } from '../../lambdas/core/hash.ts';
import type { Mail } from './deliveries.ts';
import { redrive, release } from './errands.ts';
import { START } from './gateway.ts';
import { BY_BODY } from './identities.ts';
import type { Product } from './product.ts';
import { AFTER_THE_WINDOW, bounds, calmAtFirst, processor, providers, staging, timeToLive } from './staging.ts';
import type { Actor, BoundedScenario } from './staging.ts';

/** Milliseconds: so shortly before the end of the window that what is done then is remembered beyond it. */
const BEFORE_THE_END = AFTER_THE_WINDOW - 86_400_000;

/** Names of an event in headers that nobody signs. */
const headersOf = (id: string | undefined, type: string): Record<string, string> => ({
  ...(id !== undefined && { 'x-github-delivery': id }),
  'x-github-event': type,
});

/** A stranger sends captured deliveries under other ids and types, which come in headers that nobody signs. */
export function capturedScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const [body, other] = ['{"action":"created"}', '{"action":"deleted"}'] as const;
  const mail = (name: string, id: string | undefined, more: Partial<Mail> & { readonly type?: string } = {}): Mail => {
    const { type = 'push', ...rest } = more;
    return { ...{ name, body, fate: 'processed', headers: headersOf(id, type) }, ...rest };
  };
  /** A stranger has the delivery A as soon as it is sent, or only later. */
  const seenOnTheWay: Partial<Mail> = { after: { name: 'A', was: 'sent' } };
  const seenAfterwards: Partial<Mail> = { after: { name: 'A', was: 'acknowledged' } };
  const settings = { provider: product.github, identity: BY_BODY };
  const redriving: Actor = (gateway) => redrive(gateway, START + BEFORE_THE_END);
  const releasing: Actor = (gateway) => release(gateway, encodeKey(keyOfBody(sha256(body))));

  return [
    scenario(
      'under a fresh id',
      'A stranger sends a captured delivery under an id of his own, at the same time or later: it is no new event.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(mail('A', '1'), mail('a copy', 'made up', { fate: 'known', ...seenOnTheWay })), processor],
      settings,
    ),
    scenario(
      "under another's id",
      "A stranger sends a captured delivery under another event's id, before that comes: it takes nothing from it.",
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [
        providers(
          mail('A', '1'),
          mail('a copy', '2', { fate: 'known', ...seenAfterwards }),
          mail('B', '2', { body: other, after: { name: 'a copy', was: 'sent' } }),
        ),
        processor,
      ],
      settings,
    ),
    scenario(
      'its id left out',
      'A stranger sends a captured delivery without its id, at the same time or later: the event is processed all the same.',
      ...[bounds(0, 0, 1), bounds(1, 0, 1)],
      [providers(mail('A', '1'), mail('a copy', undefined, { fate: 'safe', ...seenOnTheWay })), processor],
      settings,
    ),
    scenario(
      'released without its id',
      'A stranger sends a captured delivery without its id, and an operator releases what waits: its body is processed once.',
      ...[calmAtFirst(bounds(1, 0, 0)), bounds(1, 0, 0)],
      [
        providers(mail('A', '1'), mail('a copy', undefined, { fate: 'safe', ...seenOnTheWay })),
        ...[releasing, processor],
      ],
      settings,
    ),
    scenario(
      'under two types',
      'One body comes under two types at the same time: one of them is processed, and the other one waits.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [
        providers(
          mail('A', '1', { fate: 'safe' }),
          mail('a copy', '1', { type: 'ping', fate: 'safe', ...seenOnTheWay }),
        ),
        processor,
      ],
      settings,
    ),
    scenario(
      'types made up',
      'A stranger sends a captured delivery under two other types: each waits, and the event is processed as it was.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [
        providers(
          mail('A', '1'),
          mail('a ping', '1', { type: 'ping', fate: 'quarantined', ...seenAfterwards }),
          mail('a fork', '2', { type: 'fork', fate: 'quarantined', after: { name: 'a ping', was: 'sent' } }),
        ),
        processor,
      ],
      settings,
    ),
    scenario(
      'captured, and late',
      'A dead letter is redriven shortly before the window ends, and a copy comes under a fresh id after that: it is known.',
      ...[calmAtFirst(bounds(0, 0, 1)), calmAtFirst(bounds(1, 0, 1))],
      [
        providers(
          mail('A', '1'),
          mail('a copy', 'made up', { at: AFTER_THE_WINDOW, fate: 'known', ...seenAfterwards }),
        ),
        ...[processor, redriving, timeToLive],
      ],
      { ...settings, handlerIsBroken: true },
    ),
  ];
}

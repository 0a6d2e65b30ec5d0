import { sha256 } from '../../lambdas/core/hash.ts';
import { SECRET } from './deliveries.ts';
import type { Mail } from './deliveries.ts';
import { START } from './gateway.ts';
import { byProof } from './identities.ts';
import type { Origin } from './identities.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { BoundedScenario } from './staging.ts';

/** A delivery, and what its sender knows of it. */
interface Sent extends Origin {
  readonly mail: Mail;
}

const identityOf = (...all: readonly Sent[]) => {
  const origins = new Map<string, Origin>(all.map(({ mail, proof, event }) => [sha256(mail.body), { proof, event }]));
  return byProof((bodyHash) => origins.get(bodyHash) ?? { proof: bodyHash, event: bodyHash });
};

/** Proofs that say nothing of the event, so that whoever has seen one could send any event under it: each serves once. */
export function proofScenarios({ mailgun, mercadoPago, ...product }: Product): BoundedScenario[] {
  const scenario = staging({ mailgun, mercadoPago, ...product });
  const now = new Date(START);
  const seenOnTheWay: Partial<Mail> = { after: { name: 'A', was: 'sent' } };
  const seenAfterwards: Partial<Mail> = { after: { name: 'A', was: 'acknowledged' } };

  /** An event of Mailgun, with a proof of its own: the text of `salt` makes another one. */
  const signed = (id: string, salt = ''): string => {
    const body = Buffer.from(mailgun.sample({ id, now }) + salt);
    return (mailgun.scheme.sign({ url: '', body, secrets: [SECRET], now }).body ?? body).toString();
  };
  /** Another event, with the proof of a captured one. */
  const under = (captured: string, event: string): string =>
    JSON.stringify({ ...(JSON.parse(event) as object), signature: (JSON.parse(captured) as Forged).signature });
  const mailOf = (name: string, body: string, more: Partial<Mail> = {}): Mail => ({
    ...{ name, body, isSigned: true, fate: 'processed', ...more },
  });
  const [a, again] = [signed('evt_1'), signed('evt_1', ' ')];
  const otherId = under(a, mailgun.sample({ id: 'evt_2', now }));
  const otherData = under(a, mailgun.sample({ id: 'evt_1', now, type: 'failed' }));
  const sent = (mail: Mail, proof: string, event: string): Sent => ({ mail, proof, event });

  const raced = [
    sent(mailOf('A', a, { fate: 'safe' }), '1', 'A'),
    sent(mailOf('B', otherId, { fate: 'safe', ...seenOnTheWay }), '1', 'B'),
  ];
  const repeated = [
    sent(mailOf('A', a, { fate: 'known' }), '1', 'A'),
    sent(mailOf('A, signed again', again, { fate: 'known' }), '2', 'A'),
  ];
  const usedUp = [
    sent(mailOf('A', a), '1', 'A'),
    sent(mailOf('B', otherId, { fate: 'quarantined', ...seenAfterwards }), '1', 'B'),
    sent(mailOf('another A', otherData, { fate: 'quarantined', after: { name: 'B', was: 'sent' } }), '1', 'another A'),
  ];

  const request = { 'x-request-id': 'bb56a2f1-6aae-46ac-982e-9dcd3581d08e' };
  const payment = (name: string, id: string, more: Partial<Mail> = {}): Mail => ({
    ...{ name, body: mercadoPago.sample({ id, now }).body, headers: request, fate: 'safe', ...more },
  });
  const paid = [sent(payment('A', '1'), '1', 'A'), sent(payment('B', '2', seenOnTheWay), '1', 'B')];
  const mails = (all: readonly Sent[]) => providers(...all.map(({ mail }) => mail));

  return [
    scenario(
      'under one proof',
      'A stranger sends another event with a captured proof, at the same time or later: one of the two is processed.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [mails(raced), processor],
      { provider: mailgun, identity: identityOf(...raced) },
    ),
    scenario(
      'a proof used up',
      'A stranger sends other events with the proof of a known one, one of them under its id: they wait.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [mails(usedUp), processor],
      { provider: mailgun, identity: identityOf(...usedUp) },
    ),
    scenario(
      'signed again',
      'An event is sent with two proofs at the same time, as by a retry that is signed again: it is one event.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [mails(repeated), processor],
      { provider: mailgun, identity: identityOf(...repeated) },
    ),
    scenario(
      'a proof in headers',
      'The proof is in headers, and another body comes with it at the same time or later: one of the two is processed.',
      ...[bounds(0, 0, 1), bounds(1, 0, 1)],
      [mails(paid), processor],
      { provider: mercadoPago, identity: identityOf(...paid) },
    ),
  ];
}

interface Forged {
  readonly signature: unknown;
}

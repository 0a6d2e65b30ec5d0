import type { ComponentType } from 'react';
import type { Address } from './address.ts';
import type { Session } from './api.ts';
import DeadLetters from './views/dead-letters.tsx';
import { Event } from './views/event.tsx';
import { Events } from './views/events.tsx';
import Missed from './views/missed.tsx';
import Overview from './views/overview.tsx';
import Providers from './views/providers.tsx';
import Quarantine from './views/quarantine.tsx';
import Record from './views/record.tsx';
import Refused from './views/refused.tsx';
import Secrets from './views/secrets.tsx';
import Send from './views/send.tsx';

/** A view of the console. Its content follows from the address. */
export interface View {
  /** The first part of its addresses. */
  readonly name: string;
  readonly title: string;
  readonly Component: ComponentType<{ readonly address: Address }>;
  readonly isShown?: (session: Session) => boolean;
}

/** One event has an address below that of the events: `#/events/osigu/evt_1`. */
function EventsOrEvent({ address }: { readonly address: Address }) {
  const [, source, key] = address.path;
  return source === undefined || key === undefined ? (
    <Events address={address} />
  ) : (
    <Event source={source} eventKey={key} />
  );
}

export const VIEWS: readonly View[] = [
  { name: 'overview', title: 'Overview', Component: Overview },
  { name: 'events', title: 'Events', Component: EventsOrEvent },
  { name: 'refused', title: 'Refused', Component: Refused },
  { name: 'quarantine', title: 'Quarantine', Component: Quarantine },
  { name: 'dead-letters', title: 'Dead letters', Component: DeadLetters },
  { name: 'secrets', title: 'Secrets', Component: Secrets },
  { name: 'missed', title: 'Missed events', Component: Missed },
  { name: 'record', title: 'Record', Component: Record },
  { name: 'providers', title: 'Providers', Component: Providers },
  { name: 'send', title: 'Send', Component: Send, isShown: ({ isLocal }) => isLocal },
];

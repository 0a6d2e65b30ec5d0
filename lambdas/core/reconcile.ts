import type { EventHead } from './event.ts';
import type { ReconcilableEvent } from './ports.ts';

/** Whether the provider's list of missed events names what this event reports, and not the event itself. */
export const isReconcilable = (event: EventHead): event is ReconcilableEvent => event.reconcileKey !== undefined;

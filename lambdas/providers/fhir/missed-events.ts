import type { NumberedEvents } from '../../core/numbered-events.ts';
import { recoverNumbered } from '../../core/poll/numbered/recover.ts';
import { readText } from '../../core/schemes/fields.ts';
import { checkHeartbeat } from './heartbeat.ts';
import { fhirServer } from './server.ts';

const HOUR_MS = 3_600_000;
/** Numbers that one call of `$events` asks for: some servers give no more than the latest 20. */
const WINDOW = 20n;

/** `$status` says how many events there are, `$events` gives those that are missing, by the number. */
export const fhirMissedEvents: NumberedEvents = {
  kind: 'numbered',
  async recover(ports) {
    const { options } = ports.api;
    if (options.dialect !== undefined && options.dialect !== 'standard') {
      // In another dialect the numbers do not name the events.
      ports.fault('numbers', 'of_another_dialect');
      return;
    }
    const subscription = readText(options.subscription);
    const settings = {
      subscriptions: subscription === undefined ? [] : [subscription],
      watched: readText(options.watch),
      fromNumber: typeof options.fromNumber === 'number' ? BigInt(options.fromNumber) : undefined,
      writeOffMs: Number(options.writeOffHours ?? 24) * HOUR_MS,
      windowSize: WINDOW,
    };
    await recoverNumbered(fhirServer(ports.api), settings, ports);
    const own = subscription ?? settings.watched;
    if (own !== undefined) await checkHeartbeat(own, ports);
  },
};

import { styleText } from 'node:util';
import { recoveryRun } from './recovery.ts';

/** `npm run fhir`: 10,000 events over the stand-in FHIR server, a fifth of which are lost. HOOKGATE_FHIR_EVENTS sets another number. */
const events = Number(process.env.HOOKGATE_FHIR_EVENTS ?? 10_000);
const started = performance.now();
const outcome = await recoveryRun(events);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${events} events in ${seconds} s: ${JSON.stringify(outcome.counts)}`);
console.log(`Written off, because the server no longer had them: ${outcome.writtenOff.join(', ') || 'none'}`);
for (const flaw of outcome.flaws) console.error(styleText('red', flaw));
process.exitCode = outcome.flaws.length === 0 ? 0 : 1;

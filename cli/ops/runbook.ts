import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { alarmOf } from '../../lib/config/stack-names.ts';
import { PACKAGE } from '../../lib/places.ts';
import { OperatorError } from '../operator-error.ts';
import { operation } from './operation.ts';

/** `ops runbook <alarm>`: what an alarm means, how to look, and how to repair. */
export const runbook = operation({
  name: 'runbook',
  summary: "Prints the runbook's section of an alarm: what it means, where to look, how to repair.",
  input: z.object({ alarm: z.string().describe("an alarm, by the name in its message or by that name's end") }),
  positional: ['alarm'],
  output: z.object({ alarm: z.string(), text: z.string().describe('Markdown') }),
  effect: 'reads',
  permissions: [],
  isOffline: () => true,
  run(_ops, { alarm: given }) {
    const alarm = alarmOf(given);
    const sections = runbookSections();
    const text = sections.get(alarm);
    if (text === undefined)
      throw new OperatorError(`The runbook has no alarm "${alarm}"; it has: ${[...sections.keys()].join(', ')}.`);
    return Promise.resolve({ text: text.split('\n'), data: { alarm, text } });
  },
});

/** The sections of the alarms, by name: the headings of the third level. */
export function runbookSections(): ReadonlyMap<string, string> {
  const text = readFileSync(join(PACKAGE, 'docs/runbook.md'), 'utf8');
  const parts = text.split(/^### /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.split(/^## /m)[0]?.trim() ?? '']));
}

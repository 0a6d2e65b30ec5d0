import { shown } from '../../cli/text/shown.ts';
import type { Plan, Step } from './action.tsx';

/** A message that a reader has chosen, by the name that operations take. */
export interface Chosen {
  readonly id: string;
  readonly key: string | null;
}

const stepsFor = (source: string, chosen: readonly Chosen[]): Step[] =>
  chosen.map(({ id, key }) => ({ about: key ?? id, input: { source, key: id, yes: true } }));

const withoutYes = (steps: readonly Step[]): Step[] =>
  steps.map(({ about, input: { yes: _, ...input } }) => ({ about, input }));

function nameOf(source: string, chosen: readonly Chosen[]): string {
  const [first] = chosen;
  return chosen.length === 1 && first
    ? `${shown(first.key ?? first.id)} of ${source}`
    : `${chosen.length} events of ${source}`;
}

const each = (chosen: readonly Chosen[], one: string, many: string): string => (chosen.length === 1 ? one : many);

/** The changes that can be made to events, each with what it does. */
export const plans = {
  release: (source: string, chosen: readonly Chosen[]): Plan => ({
    ...{ operation: 'quarantine release', verb: 'Release', title: `Release ${nameOf(source, chosen)}` },
    consequence: each(
      chosen,
      'The event goes into its queue and is processed, although it was set aside for a reason. Its handler runs.',
      'The events go into their queue and are processed, although they were set aside for a reason. The handler runs for each.',
    ),
    steps: withoutYes(stepsFor(source, chosen)),
  }),
  drop: (source: string, chosen: readonly Chosen[]): Plan => ({
    ...{ operation: 'quarantine drop', verb: 'Drop', title: `Drop ${nameOf(source, chosen)}`, isForGood: true },
    consequence:
      'It is never processed, and its body is gone. The ledger keeps who did it, and counts a further delivery as a duplicate.',
    steps: stepsFor(source, chosen),
  }),
  redrive: (source: string, chosen: readonly Chosen[]): Plan => ({
    ...{ operation: 'redrive', verb: 'Redrive', title: `Redrive ${nameOf(source, chosen)}` },
    consequence:
      'It goes back into its queue and is tried again, with all of its tries. Do it once the cause of the failures is mended.',
    steps: withoutYes(stepsFor(source, chosen)),
  }),
  redriveAll: (source: string, total: number): Plan => ({
    ...{ operation: 'redrive', verb: 'Redrive all', title: `Redrive all dead letters of ${source}` },
    consequence: `About ${total} events go back into their queue and are tried again. Do it once the cause of the failures is mended.`,
    steps: [{ about: source, input: { source } }],
  }),
  giveUp: (source: string, chosen: readonly Chosen[]): Plan => ({
    ...{ operation: 'dead-letters drop', verb: 'Give up', title: `Give up ${nameOf(source, chosen)}`, isForGood: true },
    consequence: 'It is not processed, and its message is gone. The ledger keeps who did it.',
    steps: stepsFor(source, chosen),
  }),
  reprocess: (source: string, key: string): Plan => ({
    ...{ operation: 'replay', verb: 'Process again', title: `Process ${shown(key)} of ${source} again` },
    consequence:
      'It is processed again from the archive: whatever gets it now gets it again, with the same event key. Of a source, that is each of its targets too.',
    steps: [{ about: key, input: { source, key } }],
  }),
  pause: (source: string, isTarget: boolean): Plan => ({
    ...{ operation: 'pause', verb: 'Pause', title: `Pause ${source}`, needsReason: true },
    consequence: isTarget
      ? 'Its events wait: it is handed none until somebody resumes it. Its source and the other targets go on.'
      : 'Its deliveries are accepted as before, and its events wait: no handler runs until somebody resumes it.',
    steps: [{ about: source, input: { source } }],
  }),
  resume: (source: string): Plan => ({
    ...{ operation: 'resume', verb: 'Resume', title: `Resume ${source}` },
    consequence: 'Its events are processed again. The events that wait flow back within half an hour, slowly at first.',
    steps: [{ about: source, input: { source } }],
  }),
} as const;

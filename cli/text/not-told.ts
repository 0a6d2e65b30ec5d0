/** Why a target has nothing of an event, in words that follow its name. */
export const NOT_TOLD = {
  type: 'nothing, since it gets no events of this type',
  'other event': 'nothing, since another event stands for it',
  later: 'nothing: when the event was processed, the target was not there or did not get its type',
  'not yet': 'nothing yet',
} as const;

export type WhyNotTold = keyof typeof NOT_TOLD;

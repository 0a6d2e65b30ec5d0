/** The name of an error, and nothing else of it: a message can carry content. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** An error that says why by a word of this code: its message is the reason, and nothing of what was sent or received. */
export abstract class ReasonError<Reason extends string = string> extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Why something failed, in one word: the reason if the error carries one, else the error's name. */
export const reasonOf = (error: unknown): string =>
  error instanceof ReasonError ? String(error.reason) : errorName(error);

/** The parts that must be ended, in the opposite order to that in which they were started. */
export interface Teardown {
  add(end: () => Promise<void>): void;
  /** Ends everything, once; a step that fails keeps none of the others from being done. */
  run(): Promise<void>;
}

export function teardown(): Teardown {
  const steps: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;

  const runAll = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const end of steps.toReversed()) await end().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be ended');
  };

  return {
    add: (end) => void steps.push(end),
    run: () => (running ??= runAll()),
  };
}

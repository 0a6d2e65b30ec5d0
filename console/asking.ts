import { useCallback, useEffect, useRef, useState } from 'react';
import { faultOf, run } from './api.ts';
import type { Fault, Input, Outcome } from './api.ts';

/** The state of a question: the last answer that came, and whether another is under way. */
export interface Asked<Data> {
  readonly data: Data | undefined;
  readonly fault: Fault | undefined;
  readonly isLoading: boolean;
  /** Milliseconds since the epoch: when the data came. */
  readonly at: number | undefined;
  readonly reload: () => void;
}

export interface AskOptions {
  /** Milliseconds between two questions while the page is looked at; absent if once is enough. */
  readonly every?: number | undefined;
  /** False if nothing is to be asked yet. */
  readonly isOn?: boolean;
}

/** Runs an operation that reads, repeatedly if `every` is set. The last answer stays in sight meanwhile. */
export const useOperation = <Data>(name: string, input: Input = {}, options: AskOptions = {}): Asked<Data> =>
  useAnswer(JSON.stringify([name, input]), (signal) => run<Data>(name, input, { signal }).then(dataOf), options);

const dataOf = <Data>({ data }: Outcome<Data>): Data => data;

/** A gateway that takes long to answer is asked less often. */
const PATIENCE = 4;

type Answered<Data> = Omit<Asked<Data>, 'reload'>;
const NOTHING = { data: undefined, fault: undefined, isLoading: true, at: undefined };

/** Asks `question`, and asks again when its name changes. */
export function useAnswer<Data>(
  name: string,
  question: (signal: AbortSignal) => Promise<Data>,
  { every, isOn = true }: AskOptions = {},
): Asked<Data> {
  const [answer, setAnswer] = useState<Answered<Data> & { readonly name: string }>({ ...NOTHING, name });
  const [turn, setTurn] = useState(0);
  const asked = useRef(question);
  asked.current = question;

  useEffect(() => {
    if (!isOn) return;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const started = performance.now();
      setAnswer((before) => (before.name === name ? { ...before, isLoading: true } : { ...NOTHING, name }));
      const next = await asked.current(ending.signal).then(
        (data) => ({ data, fault: undefined, at: Date.now() }),
        (error: unknown) => ({ fault: faultOf(error) }),
      );
      if (ending.signal.aborted) return;
      setAnswer((before) => merged(before, { ...next, name, isLoading: false }));
      if (every === undefined) return;
      timer = setTimeout(wait, Math.max(every, PATIENCE * (performance.now() - started)));
    };
    // A hidden page asks nothing.
    const wait = (): void => {
      if (document.hidden) document.addEventListener('visibilitychange', wait, { once: true, signal: ending.signal });
      else void ask();
    };
    wait();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [name, every, isOn, turn]);

  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return answer.name === name ? { ...answer, reload } : { ...NOTHING, reload };
}

/** Keeps the value of the previous answer if the new answer is equal, so that nothing on the page is drawn again. */
function merged<Kept extends { readonly data?: unknown }>(before: Kept, next: Partial<Kept>): Kept {
  const isSame = next.data !== undefined && JSON.stringify(next.data) === JSON.stringify(before.data);
  return { ...before, ...next, ...(isSame && { data: before.data }) };
}

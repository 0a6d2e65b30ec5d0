import { createContext, useContext } from 'react';
import type { Session, SessionLane } from './api.ts';

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

/** The session, which every view is shown in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('there is no session');
  return session;
}

/** The source or the target of that name; undefined if the configuration has none. */
export const useLane = (name: string): SessionLane | undefined => useSession().lanes.find((lane) => lane.name === name);

/**
 * Milliseconds between two questions for data that changes by itself. They are longer on AWS, because each question is paid
 * for.
 */
export function usePace(): { readonly events: number; readonly overview: number } {
  return useSession().isLocal ? { events: 700, overview: 2_000 } : { events: 15_000, overview: 60_000 };
}

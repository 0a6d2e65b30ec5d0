/*
 * A target is one of the places to which the events of a source go, beside its handler. Behind the source's processor it is a
 * source of its own to everything that queues, leases, retries and shows events; its name says whose it is.
 */

/** The character between the name of a source and the name of its target. No source's name has it. */
const OF = '.';

/** The name of a target in the ledger, in metrics and for operators: `osigu.billing`. */
export const targetName = (source: string, target: string): string => source + OF + target;

/** The source of a target; a source's own name is itself. */
export const sourceOf = (name: string): string => name.split(OF, 1)[0] ?? name;

/** Whether a name is that of a target. */
export const isTarget = (name: string): boolean => name.includes(OF);

import { z } from 'zod';
import { sha256 } from '../../../lambdas/core/hash.ts';
import { parseJson } from '../../../lambdas/core/json.ts';

/** Who ran an operation. */
export const Who = z.strictObject({
  identity: z.string().describe('the ARN that STS knows the caller by; on one machine its user'),
  user: z.string().describe('the user and the machine that the command ran on'),
  via: z.string().describe('the command line or the MCP server'),
});
export type Who = z.infer<typeof Who>;

const hash = z.string().regex(/^[\da-f]{64}$/);
const common = {
  version: z.literal(1),
  number: z.int().min(1).describe('1 for the first entry, without holes'),
  previous: hash.describe('the SHA-256 of the entry before, in hex; zeros for the first one'),
  at: z.string().describe('ISO 8601'),
  run: z.string().describe('tells the entries of one run from all others'),
};

/** An entry of the record: a run that is about to start, written before anything is done, or how one ended. */
export const Entry = z.discriminatedUnion('step', [
  z.strictObject({
    ...common,
    step: z.literal('started'),
    gateway: z.string(),
    who: Who,
    operation: z.string(),
    arguments: z.record(z.string(), z.unknown()).describe('no secret is ever an argument'),
    reason: z.string().nullable(),
  }),
  z.strictObject({
    ...common,
    step: z.literal('ended'),
    outcome: z.enum(['succeeded', 'needs attention', 'failed']),
    error: z.string().nullable(),
  }),
]);
export type Entry = z.infer<typeof Entry>;
export type Outcome = Extract<Entry, { step: 'ended' }>['outcome'];

type Without<Whole, Names extends PropertyKey> = Whole extends unknown ? Omit<Whole, Names> : never;
/** The statement of an entry, without its place in the chain. */
export type Statement = Without<Entry, 'version' | 'number' | 'previous'>;

/** A place in the chain, and the hash of the entry that is there. Number 0 is before the first entry. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/** Before the first entry. */
export const START: Head = { number: 0, hash: '0'.repeat(64) };

/** The text of the entry that follows a head: the exact bytes that are kept, and that the next one is chained to. */
export const entryAfter = (head: Head, statement: Statement): string =>
  JSON.stringify({ version: 1, number: head.number + 1, previous: head.hash, ...statement });

/** The head that an entry's text is, at its place. */
export const headOf = (number: number, text: string): Head => ({ number, hash: sha256(Buffer.from(text)) });

/** Reads an entry; undefined if it is none. */
export function readEntry(text: string): Entry | undefined {
  const parsed = Entry.safeParse(parseJson(Buffer.from(text)));
  return parsed.success ? parsed.data : undefined;
}

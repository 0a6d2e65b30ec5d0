import { z } from 'zod';
import { time } from '../inputs.ts';

const version = {
  label: z.string(),
  versionId: z.string(),
  createdAt: time,
  ageDays: z.number().describe('whole days'),
};

const VersionStatus = z.object({
  ...version,
  lastMatchedAt: time.nullable(),
  acceptedUntil: time.optional().describe('of the previous version'),
  accepted: z.boolean().nullable().describe('whether verifiers take it; null if your credentials may not read it'),
  flaw: z.string().nullable().describe('why verifiers refuse it'),
});
export type VersionStatus = z.infer<typeof VersionStatus>;

const SigningVersion = z.object({
  ...version,
  signs: z.boolean().nullable().describe('whether requests are signed with it; null if you may not read it'),
  signsSince: time.describe('every function does within 5 minutes after it'),
  signsUntil: time.optional().describe('of the previous version'),
  flaw: z.string().nullable().describe('why nothing is signed with it'),
});
export type SigningVersion = z.infer<typeof SigningVersion>;

const secret = { source: z.string(), secret: z.string(), rotation: z.enum(['automatic', 'by hand']) };

/** The secret that verifies the deliveries of a source. */
const SourceSecret = z.object({ ...secret, versions: z.array(VersionStatus) });
export type SourceSecret = z.infer<typeof SourceSecret>;

/** The secret that signs the requests to an HTTP target. Nothing is verified with it. */
const TargetSecret = z.object({ ...secret, signs: z.literal(true), versions: z.array(SigningVersion) });
export type TargetSecret = z.infer<typeof TargetSecret>;

export const SecretStatus = z.union([TargetSecret, SourceSecret]);
export type SecretStatus = z.infer<typeof SecretStatus>;

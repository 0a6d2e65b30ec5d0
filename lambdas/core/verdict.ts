/**
 * Every reason for which a delivery is refused. The reason is the whole of what an answer, a log line or a metric says about
 * a refused delivery: nothing of the request's content goes with it.
 */
export const REJECTION_REASONS = [
  'missing_signature',
  'malformed_signature',
  'signature_mismatch',
  'missing_timestamp',
  'malformed_timestamp',
  'timestamp_out_of_window',
  'malformed_request',
  'body_too_large',
  // It is not refused for good, but answered 503: nobody knows yet whether it is authentic.
  'keys_busy',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** Secrets Manager's staging labels, as the verdict, the metrics and the ledger name them. */
export type SecretLabel = 'current' | 'pending' | 'previous';

/** One version of a source's signing secret. */
export interface Secret {
  /** The signing secret itself, as the provider gave it. */
  readonly value: string;
  readonly label: SecretLabel;
  /** Secrets Manager's id of the version; says nothing about the value. */
  readonly versionId: string;
}

/** The outcome of verifying: accepted with the secret version that matched, or rejected with a reason. */
export type Verdict =
  | { readonly ok: true; readonly secret: Pick<Secret, 'label' | 'versionId'> }
  | { readonly ok: false; readonly reason: RejectionReason };

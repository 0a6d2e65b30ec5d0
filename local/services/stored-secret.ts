/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly stages: Set<string>;
}

/** A secret with its versions, oldest first. */
export interface StoredSecret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  changedAt: number;
  readonly versions: Map<string, SecretVersion>;
}

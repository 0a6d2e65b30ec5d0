/** The kind of secret that a source has. */
export interface SecretSpec {
  /** Who makes it: a customer's can be generated at deployment, a provider's is handed over. */
  readonly madeBy: 'customer' | 'provider';
  /**
   * The fields of a secret that is a JSON object of texts; absent if the secret is one text. A source of several credentials has
   * them in one secret, so that they change together.
   */
  readonly parts?: Readonly<Record<string, SecretPart>>;
}

/** A field of a secret that is JSON: what it is, in words, or that and a rule for it. */
export type SecretPart =
  | string
  | {
      readonly description: string;
      /** The pattern that its text must match as a whole. */
      readonly pattern?: RegExp;
      /** True if a secret can do without it. */
      readonly optional?: boolean;
      /** A text that matches the pattern, for the local gateway and tests; default: one that is made up. */
      readonly example?: string;
    };

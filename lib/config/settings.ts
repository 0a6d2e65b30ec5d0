/** What hookgate.config.ts says of one source. */
export interface SourceSettings {
  /** Name of the provider, as in the registry: `osigu`. */
  readonly provider: string;
  /** The provider's own options; its page in docs/ lists them. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** Days for which an event is remembered, so that a repeated delivery is not processed again. */
  readonly windowDays?: number;
  /** The URL registered with the provider, query string included. Only for a provider that signs the URL. */
  readonly publicUrl?: string;
  /** The environment whose events are processed. Only for a provider whose events name one. */
  readonly environment?: string;
  /** Your own handler file, relative to this one; without it each event is published to the gateway's event bus. */
  readonly handler?: string;
  /** Addresses that deliveries may come from, IPv4 or IPv6: `203.0.113.0/24`. Without it they may come from anywhere. */
  readonly allowList?: readonly string[];
}

/** The content of hookgate.config.ts. All but the sources has a default. */
export interface Settings {
  /** Start of every name in AWS, so that two gateways fit in one account. Default `hookgate`. */
  readonly name?: string;
  /** The stage that is deployed. Default `dev`. */
  readonly stage?: string;
  /** Whether data outlives the stack and the ledger refuses deletion. Default: true for the stages `production` and `prod`. */
  readonly production?: boolean;
  /** Sources by name: lower-case letters, digits and hyphens. The name is part of the URL that the provider gets. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  /** Bytes of the largest accepted body. Default and most: 768,000, for a queue message holds 1 MiB. */
  readonly maxBodyBytes?: number;
  readonly retention?: {
    /** Days for which log lines are kept. Default 90. */
    readonly logDays?: number;
    /** Days for which a queue keeps a message that nobody takes. Default and most: 14. */
    readonly queueDays?: number;
  };
  /** What the API lets through to one source. Default 200 requests a second, and 500 at once. */
  readonly throttle?: { readonly requestsPerSecond?: number; readonly burst?: number };
  readonly processor?: {
    /** Seconds that your handler has for a batch. Default 30. */
    readonly timeoutSeconds?: number;
    /** The most events in a batch. Default and most: 10. */
    readonly batchSize?: number;
    /** The most batches that one source has under way. Default 10. */
    readonly maxConcurrency?: number;
  };
}

/** Gives hookgate.config.ts its type. It is checked when the stack is built, all of it at once. */
export const defineConfig = (settings: Settings): Settings => settings;

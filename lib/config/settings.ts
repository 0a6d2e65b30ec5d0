import type { GradualSettings, RetrySettings, SourceSettings } from './source-settings.ts';

/** The content of hookgate.config.ts. All but the sources has a default. */
export interface Settings {
  /** Start of every name in AWS, so that two gateways fit in one account. Default `hookgate`. */
  readonly name?: string;
  /** The stage that is deployed: lower-case letters and digits. Default `dev`. */
  readonly stage?: string;
  /**
   * Whether data outlives the stack and the ledger refuses deletion. Default: true for the stages `production` and `prod`. A
   * stage with another name that looks like production, such as `live`, has to say it.
   */
  readonly production?: boolean;
  /** Sources by name: lower-case letters, digits and hyphens. The name is part of the URL that the provider gets. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  /** Bytes of the largest accepted body. Default and most: 4,669,440, what Lambda takes of a request beside its headers. */
  readonly maxBodyBytes?: number;
  readonly retention?: {
    /** Days for which log lines are kept. Default 90. */
    readonly logDays?: number;
    /** Days for which a queue keeps a message that nobody takes. Default and most: 14. */
    readonly queueDays?: number;
    /**
     * Days for which nobody can delete an entry of the record of what operators did, in a production stage. Default 2,192: six years.
     * It cannot be undone: S3 keeps what is written, whoever asks.
     */
    readonly recordDays?: number;
  };
  /** The evidence of every event that a processor takes: docs/archive.md. */
  readonly archive?: {
    /** Days for which it is kept. Default 30. */
    readonly retentionDays?: number;
  };
  /** E-mail addresses that alarms go to; each has to confirm. Default: none, which a production stage has to explain. */
  readonly alarms?: {
    /** Somebody must look at any hour. */
    readonly critical?: readonly string[];
    /** Somebody must look on the next working day. */
    readonly warning?: readonly string[];
    /** Says that the topics get their subscribers by other means, such as PagerDuty. Default false. */
    readonly elsewhere?: boolean;
  };
  /**
   * Where docs/ can be read by whoever gets an alarm: `https://github.com/you/hookgate/blob/main/docs`. Default: an alarm names the
   * command that prints its section of the runbook.
   */
  readonly docsUrl?: string;
  /** The requests that the API lets through to one source. Default 200 requests a second, and 500 at once. */
  readonly throttle?: { readonly requestsPerSecond?: number; readonly burst?: number };
  /** AWS WAF in front of the API. */
  readonly waf?: {
    /** Default true. */
    readonly enabled?: boolean;
    /**
     * Requests that one address may send in five minutes. Default: a twentieth of what the throttle lets through to a source in
     * that time, 3,000 with the throttle's default. Addresses of an allow list are not limited so.
     */
    readonly requestsPerAddress?: number;
  };
  /**
   * The role with which API Gateway writes logs: one for all APIs of an account and region. `create` (the default) makes one and
   * sets it, in place of one that is set already; `existing` leaves the account's setting as it is.
   */
  readonly apiGatewayAccountRole?: 'create' | 'existing';
  /** Your own domain for the webhooks, in the place of API Gateway's, which is then switched off. */
  readonly domain?: {
    /** The host of every source's URL: `hooks.example.com`. */
    readonly name: string;
    /** ARN of its certificate in AWS Certificate Manager, in the stack's region. */
    readonly certificateArn: string;
    /** The Route 53 zone to put the domain's records into. Without it you make them, to the output `DomainTarget`. */
    readonly hostedZone?: { readonly id: string; readonly name: string };
    /** Lets in nobody without a client certificate. Default: off, because the providers present none. */
    readonly mutualTls?: {
      /** The certificates of those who issue them, in PEM: `s3://bucket/truststore.pem`. */
      readonly truststore: string;
      /** Version of that object, if the bucket keeps versions. */
      readonly version?: string;
    };
  };
  /** When failed events are tried again. */
  readonly retry?: RetrySettings;
  /**
   * Whether a source is paused while most of its tries fail for one kind of reason. A probe a minute looks whether that is over,
   * and deliveries are accepted all the while. Default true.
   */
  readonly breaker?: boolean;
  /** Whether the dead letters of such an outage go back to their queue once it is over, each once. Default true. */
  readonly selfRepair?: boolean;
  /** Has new versions of the functions take a part of the calls first: docs/upgrade.md. Default: they take all of them at once. */
  readonly gradual?: GradualSettings;
  readonly verifier?: {
    /** Concurrency that each verifier has to itself, and at most. Default: none is set apart. */
    readonly reservedConcurrency?: number;
  };
  readonly processor?: {
    /** Seconds that your handler has for a batch. Default 30. */
    readonly timeoutSeconds?: number;
    /**
     * Seconds for which events wait for others, so that they share an invocation and an object of the archive: 300 at most. Default 5;
     * 0 processes each at once. A source may have its own.
     */
    readonly batchingWindowSeconds?: number;
    /** The most events in a batch. Default and most: 10. */
    readonly batchSize?: number;
    /** The most batches that one source has under way. Default 10. */
    readonly maxConcurrency?: number;
    /** Concurrency that each processor has to itself, and at most: not less than `maxConcurrency`. Default: none is set apart. */
    readonly reservedConcurrency?: number;
  };
}

/** Gives hookgate.config.ts its type. It is checked when the stack is built, all of it at once. */
export const defineConfig = (settings: Settings): Settings => settings;

import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** When failed events are tried again. */
export interface RetrySettings {
  /** Tries before an event is a dead letter, 400 at most. Default 100, which is 37 hours or more. */
  readonly attempts?: number;
  /** Seconds from the first failed try to the second one; each further delay is twice as long. Default 15. */
  readonly firstDelaySeconds?: number;
  /** Seconds of the longest delay, 42,300 at most. Default 1,800: so long after an outage an event may still wait. */
  readonly maxDelaySeconds?: number;
}

/** The most that a source's handler is given. */
export interface PaceSettings {
  /** Events a second, 0.01 to 1,000. Default: no limit. */
  readonly perSecond?: number;
  /** Events at the same time. Default: `processor.batchSize` times `processor.maxConcurrency`. 1 reserves concurrency. */
  readonly atOnce?: number;
}

/** A handler with the means that it has beside its code. */
export interface HandlerSettings {
  /** The handler's file, relative to this one: `./handlers/eligibility.ts`. */
  readonly file: string;
  /** Environment variables. Names that Lambda or the gateway reads itself are refused. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Secrets in Secrets Manager that the handler may read, by the environment variable that gets the ARN: `{ DB_SECRET: 'my/db' }`.
   * A name means a secret of this account and region. The value itself is in no template and no variable.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Further permissions of the handler: IAM statements that allow. Wildcards over the gateway's own kinds of resources are refused. */
  readonly permissions?: readonly {
    readonly actions: readonly string[];
    /** ARNs. */
    readonly resources: readonly string[];
    readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }[];
  /** The same by constructs of yours: `grant: (fn) => table.grantReadData(fn)`. Nothing checks what it grants. */
  readonly grant?: (fn: LambdaFunction) => void;
  /** A network to run in. It needs a way to SQS, DynamoDB, S3 and X-Ray: docs/handlers.md. */
  readonly vpc?: NetworkSettings;
  /** Megabytes, 512 to 10,240. Default 1,024. */
  readonly memoryMb?: number;
  /** Seconds for a batch, 5 to 900. Default: `processor.timeoutSeconds`. */
  readonly timeoutSeconds?: number;
  /** ARNs of layers' versions, five at most. */
  readonly layers?: readonly string[];
}

/** The settings of one target of a source. */
export interface TargetSettings {
  /** Lower-case letters, digits and hyphens. Operators call it `<source>.<name>`. */
  readonly name: string;
  readonly kind: 'http' | 'lambda' | 'sqs' | 'sns' | 'step-functions' | 'kinesis' | 'firehose' | 'bus';
  /** The URL to forward to, https. Only of the kind `http`. */
  readonly url?: string;
  /** ARN of the resource, of any account. Of every other kind. */
  readonly arn?: string;
  /** ARN of the customer-managed key of a queue, a topic or a stream. */
  readonly keyArn?: string;
  /** The types that it gets, `*` for any text: `['invoice.*']`. Default: all. */
  readonly types?: readonly string[];
  /** Seconds for one try, 1 to 60. Default 10. */
  readonly timeoutSeconds?: number;
  /** A network of yours to call from. It needs a way to the services that every processor uses: docs/handlers.md. */
  readonly vpc?: NetworkSettings;
  /** As of a source. Default: as its source. */
  readonly retry?: RetrySettings;
  readonly breaker?: boolean;
  readonly selfRepair?: boolean;
  readonly pace?: PaceSettings;
}

/** The place of a function in a network of yours. */
export interface NetworkSettings {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** The settings of one source in hookgate.config.ts. */
export interface SourceSettings {
  /** Name of the provider, as `npm run providers` lists it: `osigu`; or a file of your own, relative to this one: `./providers/acme.ts`. */
  readonly provider: string;
  /** The provider's own options; its page in docs/ lists them. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** Days for which an event is remembered, so that a repeated delivery is not processed again. */
  readonly windowDays?: number;
  /** Hours for which the secret before the current one is still accepted, from the making of the current one. Default 24. */
  readonly previousGraceHours?: number;
  /** Days after which a secret that a person rotates is too old, and an alarm says so. Default 90. */
  readonly secretMaxAgeDays?: number;
  /**
   * The URL registered with the provider, query string included. Only for a provider that signs the URL. Default: the source's
   * URL at your domain, if you have one, else the URL that the request came by, without a query.
   */
  readonly publicUrl?: string;
  /** The environment whose events are processed. Only for a provider whose events name one. */
  readonly environment?: string;
  /** Hours without an authentic delivery after which an alarm says so, 168 at most. Default: none does. */
  readonly silenceAlarmHours?: number;
  /** How the provider's API is polled, for what it failed to deliver and to keep the registration alive, if the options say how to call it. */
  readonly poll?: {
    /** Minutes between two polls. Default 5. */
    readonly everyMinutes?: number;
    /** The most events that one poll handles; what is left waits for the next. Default 5,000. */
    readonly maxEvents?: number;
    /** The most pages that one poll reads. Default 200. */
    readonly maxPages?: number;
    /** Whether registrations are renewed that end, and repaired that were switched off or deleted. Default true. */
    readonly keepRegistered?: boolean;
  };
  /**
   * Your own handler file, relative to this one, or the file with the means that it has; without it each event is published to the
   * gateway's event bus.
   */
  readonly handler?: string | HandlerSettings;
  /**
   * Further places for its events, each target with its own queue, tries, breaker and dead letters: docs/targets.md. With targets and no
   * handler, nothing is published to the gateway's event bus.
   */
  readonly targets?: readonly TargetSettings[];
  /** When its failed events are tried again. Default: what the gateway's `retry` says. */
  readonly retry?: RetrySettings;
  /** Whether it is paused while most of its tries fail, and goes on by itself. Default: what the gateway's `breaker` says. */
  readonly breaker?: boolean;
  /** Whether dead letters of an outage go back by themselves. Default: what the gateway's `selfRepair` says. */
  readonly selfRepair?: boolean;
  /** The most events a second, and the most at once, that its handler is given. Default: as many as there are. */
  readonly pace?: PaceSettings;
  /**
   * Handles the events of one order key one at a time, in the order in which they came. Default: events are handled side by side, and
   * in any order, which is faster.
   */
  readonly order?: {
    /**
     * The path of the order key in the event's JSON, its names separated by dots: `data.patientId`. An event without a text, a number
     * or a boolean there is not ordered.
     */
    readonly by: string;
    /** Skips an event that is older, by the provider's own time, than one of its order key that was handled. Default false. */
    readonly newestOnly?: boolean;
  };
  /** Addresses that deliveries may come from, IPv4 or IPv6: `203.0.113.0/24`. Without it they may come from anywhere. */
  readonly allowList?: readonly string[];
}

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
  readonly verifier?: {
    /** Concurrency that each verifier has to itself, and at most. Default: none is set apart. */
    readonly reservedConcurrency?: number;
  };
  readonly processor?: {
    /** Seconds that your handler has for a batch. Default 30. */
    readonly timeoutSeconds?: number;
    /**
     * Seconds for which events wait for others, so that they share an invocation and an object of the archive. Default 5; 0 processes
     * each at once.
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

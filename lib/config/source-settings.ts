import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** When failed events are tried again. */
export interface RetrySettings {
  /** Tries before an event is a dead letter, 400 at most. Default 100, which is 37 hours or more. */
  readonly attempts?: number;
  /** Seconds from the first failed try to the second one; each further delay is twice as long. Default 15. */
  readonly firstDelaySeconds?: number;
  /** Seconds of the longest delay, 42,000 at most. Default 1,800: so long after an outage an event may still wait. */
  readonly maxDelaySeconds?: number;
}

/** The most that a source's handler is given. */
export interface PaceSettings {
  /** Events a second, 0.01 to 1,000. Default: no limit. */
  readonly perSecond?: number;
  /** Events at the same time. Default: `processor.batchSize` times `processor.maxConcurrency`. 1 reserves concurrency. */
  readonly atOnce?: number;
}

/** How a new version of a function comes into force, with CodeDeploy: docs/upgrade.md. */
export interface GradualSettings {
  /** The share of the calls that a new version gets first, in per cent: CodeDeploy has its ready-made steps for 10 alone. */
  readonly percent?: 10;
  /** Minutes after which it gets all of them. A deployment takes that much longer. Default 10. */
  readonly minutes?: 5 | 10 | 15 | 30;
  /**
   * Whether deliveries go to versions of the verifiers too. Set it one deployment after the rest: the routes change before the stacks of
   * the sources do. `npm run upgrade-check` stops a deployment that would lead deliveries nowhere. Default false.
   */
  readonly deliveries?: boolean;
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
  /**
   * Days for which an event is remembered, so that a repeated delivery is not processed again. Default: what the provider needs, and
   * 30 at least for a source with targets.
   */
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
  /** Hours without a new delivery after which an alarm says so, 168 at most. Default: none does. */
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
  /** Seconds for which its events wait for others of their batch, 300 at most. Default: `processor.batchingWindowSeconds`. */
  readonly batchingWindowSeconds?: number;
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
     * or a boolean there is not ordered: the log of the processor says so once, and `ops event` of each.
     */
    readonly by: string;
    /** Skips an event that is older, by the provider's own time, than one of its order key that was handled. Default false. */
    readonly newestOnly?: boolean;
  };
  /** How new versions of its functions come into force. Default: what the gateway's `gradual` says. */
  readonly gradual?: GradualSettings;
  /** Addresses that deliveries may come from, IPv4 or IPv6: `203.0.113.0/24`. Without it they may come from anywhere. */
  readonly allowList?: readonly string[];
}

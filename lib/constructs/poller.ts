import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { startsAtDeployment } from '../../lambdas/core/missed-events.ts';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import { secretWay } from '../../lambdas/core/registration.ts';
import type { SourceConfig } from '../config/config.ts';
import { upkeepOf } from '../config/provider-api.ts';
import type { PollConfig } from '../config/provider-api.ts';
import type { ApiCredentials } from './api-credentials.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction, sourceSettings } from './gateway-function.ts';
import { nameInTemplate } from './names.ts';
import { scheduleRole } from './schedule-role.ts';
import type { SharedParts } from './shared-parts.ts';
import type { SigningSecret } from './signing-secret.ts';

export interface PollerProps extends SharedParts {
  readonly source: SourceConfig;
  readonly queue: EventQueue;
  readonly quarantine: EventQueue;
  readonly credentials: ApiCredentials;
  readonly poll: PollConfig;
  readonly secret: SigningSecret;
  /** The URL to register with the provider. */
  readonly url: string;
}

/** Seconds that one poll has at most: as long as its interval, within what is reasonable. */
const TIMEOUT_SECONDS = { least: 120, most: 240 };
/** A list after a long outage is long, and is held as text and as what it says. */
const MEMORY_MB = 1024;

/**
 * Fetches, on a schedule, the events that a source's provider failed to deliver, and keeps the source's registrations alive if the
 * provider's API lets it. A poll that fails is not tried again
 * before its time: the next tick does. That one poll runs at a time is seen to by the cursor, not by the number of
 * invocations.
 */
export class Poller extends GatewayFunction {
  constructor(scope: Construct, id: string, props: PollerProps) {
    const { source, poll, credentials, queue, quarantine, ledger, bodies, secret, url } = props;
    const upkeep = upkeepOf(source);
    const way = secretWay(source.provider);
    const makesAgain = upkeep?.recreates === true;
    const interval = Duration.minutes(poll.everyMinutes);
    super(scope, id, {
      ...props,
      description: `Gets what ${source.provider.title} failed to deliver to ${source.name}`,
      entry: 'lambdas/poller/handler.ts',
      provider: source.providerFile,
      memoryMb: MEMORY_MB,
      timeoutSeconds: Math.min(TIMEOUT_SECONDS.most, Math.max(TIMEOUT_SECONDS.least, interval.toSeconds())),
      environment: {
        ...sourceSettings(source),
        credentialsArn: credentials.secretArn,
        ledgerTable: ledger.tableName,
        queueUrl: queue.queueUrl,
        quarantineUrl: quarantine.queueUrl,
        bodyBucket: bodies.bucketName,
        pollMaxEvents: poll.maxEvents,
        pollMaxPages: poll.maxPages,
        ...(upkeep && { url }),
        ...(makesAgain && way !== 'neither' && { secretArn: secret.secretArn }),
      },
    });
    credentials.grantRead(this);
    const { missedEvents } = source.provider;
    if (missedEvents && startsAtDeployment(missedEvents)) credentials.grantDate(this);
    // A registration that is made again is given the secret, or comes with a new one.
    if (makesAgain && way === 'given') secret.grantRead(this);
    if (makesAgain && way === 'told') secret.grantStage(this);
    ledger.grantPoll(this, source);
    queue.grantSend(this);
    quarantine.grantSend(this);
    bodies.grantStore(this, bodyPrefix(source.name));
    // An invocation that waits for longer than a minute would meet the next one.
    this.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });

    const schedule = new Schedule(this, 'Schedule', {
      description: `Polls for missed events of ${source.name}`,
      schedule: ScheduleExpression.rate(interval),
      target: new LambdaInvoke(this, {
        role: scheduleRole(this),
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
    nameInTemplate(schedule, `${id}Schedule`);
  }
}

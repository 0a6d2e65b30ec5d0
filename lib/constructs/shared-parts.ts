import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import type { Bundler } from '../bundle.ts';
import type { HookgateConfig } from '../config/config.ts';
import type { NetworkConfig } from '../config/network.ts';
import type { RegionFeatures } from '../region.ts';
import type { AlarmTopics } from './alarms/alarm-topics.ts';
import type { EventBucket } from './event-bucket.ts';
import type { Ledger } from './ledger.ts';

/** The parts that all sources share. */
export interface SharedParts {
  readonly config: HookgateConfig;
  readonly key: IKey;
  readonly ledger: Ledger;
  readonly archive: EventBucket;
  readonly bodies: EventBucket;
  /** The gateway's own bus, or a customer's. */
  readonly bus: EventBus | IEventBus;
  readonly bundle: Bundler;
  readonly features: RegionFeatures;
  readonly topics: AlarmTopics;
  /** The network that every function runs in; absent if they run in none. */
  readonly network?: NetworkConfig | undefined;
}

import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Bundler } from '../bundle.ts';
import type { HookgateConfig } from '../config/config.ts';
import type { RegionFeatures } from '../region.ts';
import type { AlarmTopics } from './alarms/alarm-topics.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { EventBucket } from './event-bucket.ts';
import type { Ledger } from './ledger.ts';

/** The parts that all sources share. */
export interface SharedParts {
  readonly config: HookgateConfig;
  readonly key: EncryptionKey;
  readonly ledger: Ledger;
  readonly archive: EventBucket;
  readonly bodies: EventBucket;
  readonly bus: EventBus;
  readonly bundle: Bundler;
  readonly features: RegionFeatures;
  readonly topics: AlarmTopics;
}

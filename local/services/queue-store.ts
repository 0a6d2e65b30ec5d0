import type { DatabaseSync } from 'node:sqlite';
import type { BuildAppOptions } from 'fauxqs';
import { PersistenceManager, S3Store, SnsStore, SqsStore } from './fauxqs-files.ts';

export interface PersistentStores {
  readonly stores: NonNullable<BuildAppOptions['stores']>;
  close(): void;
}

/** The stores of fauxqs, written through to a directory, with what an earlier run left there. */
export function persistentStores(directory: string): PersistentStores {
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const manager = new PersistenceManager(directory);
  const { db } = manager as unknown as { readonly db: DatabaseSync };
  // A written message outlives this process, however it ends. To outlive a loss of power would cost a sync per message.
  db.exec('PRAGMA synchronous = OFF');
  // fauxqs would forget how often a message that is given back was received, in a column that must say it: the call fails.
  const giveBack = db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  manager.updateMessageReady = (messageId) => void giveBack.run(messageId);
  // In this order, as fauxqs does: to write a queue while it is loaded would delete its messages.
  manager.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  for (const store of Object.values(stores)) store.persistence = manager;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = manager;
  return { stores, close: () => manager.close() };
}

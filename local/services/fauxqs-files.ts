import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * Parts of fauxqs that it does not export, or exports only with a server that listens on every interface of the machine. Its own files
 * are taken, wherever npm has installed it: package.json therefore names one version of it.
 */

type Persistence = typeof import('../../node_modules/fauxqs/dist/persistence.js');
type S3 = typeof import('../../node_modules/fauxqs/dist/s3/s3Store.js');
type Sns = typeof import('../../node_modules/fauxqs/dist/sns/snsStore.js');
type Sqs = typeof import('../../node_modules/fauxqs/dist/sqs/sqsStore.js');
type SqsTypes = typeof import('../../node_modules/fauxqs/dist/sqs/sqsTypes.js');

const directory = dirname(findPackageJSON('fauxqs', import.meta.url) ?? '');
const load = (file: string): Promise<unknown> => import(pathToFileURL(join(directory, 'dist', file)).href);

const persistence = (await load('persistence.js')) as Persistence;
const s3 = (await load('s3/s3Store.js')) as S3;
const sns = (await load('sns/snsStore.js')) as Sns;
const sqs = (await load('sqs/sqsStore.js')) as Sqs;
const types = (await load('sqs/sqsTypes.js')) as SqsTypes;

export const PersistenceManager: Persistence['PersistenceManager'] = persistence.PersistenceManager;
export const S3Store: S3['S3Store'] = s3.S3Store;
export const SnsStore: Sns['SnsStore'] = sns.SnsStore;
export const SqsStore: Sqs['SqsStore'] = sqs.SqsStore;
/** The characters that SQS refuses in the text of a message. */
export const { INVALID_MESSAGE_BODY_CHAR }: SqsTypes = types;

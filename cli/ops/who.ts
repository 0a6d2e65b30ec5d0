import { SQSClient } from '@aws-sdk/client-sqs';
import { hostname, userInfo } from 'node:os';
import type { Ops } from './command.ts';

/**
 * Who runs the command, as the ledger writes it down: the user of this machine and, on AWS, the access key id, by which
 * CloudTrail knows the role and the person.
 */
export async function operatorName({ target }: Pick<Ops, 'target'>): Promise<string> {
  const user = `${userInfo().username}@${hostname()}`;
  if (target.isLocal) return user;
  const { accessKeyId } = await target.client(SQSClient).config.credentials();
  return `${user}, access key ${accessKeyId}`;
}

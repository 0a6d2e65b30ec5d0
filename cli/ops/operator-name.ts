import { SQSClient } from '@aws-sdk/client-sqs';
import { hostname, userInfo } from 'node:os';
import type { Ops } from './ops.ts';

/**
 * Who runs the command, as the ledger writes it down: the user of this machine and, on AWS, the access key id, by which
 * CloudTrail knows the role and the person.
 */
export async function operatorName({ gateway }: Pick<Ops, 'gateway'>): Promise<string> {
  const user = `${userInfo().username}@${hostname()}`;
  if (gateway.isLocal) return user;
  const { accessKeyId } = await gateway.client(SQSClient).config.credentials();
  return `${user}, access key ${accessKeyId}`;
}

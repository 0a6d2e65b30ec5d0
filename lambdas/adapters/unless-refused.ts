import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** The outcome of a conditional write; undefined if its condition did not hold. */
export async function unlessRefused<Output>(call: Promise<Output>): Promise<Output | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

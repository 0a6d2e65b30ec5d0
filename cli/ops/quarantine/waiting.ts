import type { HeldMessage } from '../messages.ts';

/** Why a message of a quarantine queue waits. */
export const reasonOf = ({ event }: HeldMessage): string =>
  event.ok ? (event.value.quarantine ?? 'unknown') : `message_${event.reason}`;

/** The IAM actions that deciding about events in quarantine takes on AWS. */
export const DECIDING = [
  ...['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'kms:Decrypt'],
  ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
] as const;

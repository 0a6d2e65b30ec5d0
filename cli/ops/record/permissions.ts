/** The IAM actions that reading the record takes. */
export const READS_RECORD = ['s3:ListBucket', 's3:GetObject', 'dynamodb:GetItem', 'kms:Decrypt'] as const;

/** The IAM actions that every recorded operation takes beside its own. */
export const RECORDS = [
  ...['sts:GetCallerIdentity', 's3:ListBucket', 's3:GetObject', 's3:PutObject'],
  ...['dynamodb:GetItem', 'dynamodb:UpdateItem', 'kms:GenerateDataKey', 'kms:Decrypt'],
] as const;

const PREFIX = 'lambda.';

/**
 * The access key id that the local runtime gives a function. Every AWS call carries it in its signature, so that the AWS
 * endpoint knows which function calls.
 */
export const accessKeyIdOf = (functionName: string): string => `${PREFIX}${functionName}`;

/** The function that an access key id stands for; undefined if it is not a function's. */
export const functionOf = (accessKeyId: string): string | undefined =>
  accessKeyId.startsWith(PREFIX) ? accessKeyId.slice(PREFIX.length) : undefined;

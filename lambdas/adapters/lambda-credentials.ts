/** The function's environment has no credentials: it does not run in Lambda, or something has removed them. */
class LambdaCredentialsError extends Error {
  override readonly name = 'CredentialsProviderError';
}

/** The form that the SDK asks for. It has no expiry, because an execution environment ends before its credentials do. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Takes the place of the SDK's own search for credentials in a bundle, under its name. Lambda sets them in the environment
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), and they are looked for nowhere else.
 */
export const defaultProvider = () => (): Promise<Credentials> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) return Promise.reject(new LambdaCredentialsError());
  return Promise.resolve({ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
};

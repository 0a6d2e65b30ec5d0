import { ReasonError } from '../errors.ts';

/** The reason of a call for which nobody has stored the credentials yet. */
export const NO_CREDENTIALS = 'no_credentials';

/** Nobody has stored the credentials of the provider's API yet: so it is after each first deployment, and nothing has failed. */
export class NoCredentialsError extends ReasonError<typeof NO_CREDENTIALS> {
  override readonly name = 'NoCredentialsError';

  constructor() {
    super(NO_CREDENTIALS);
  }
}

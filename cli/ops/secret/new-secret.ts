import { secretFrom, secretShapeFlaw } from '../../../lambdas/core/provider-secret.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import { FLAW_IN_WORDS, isLocalDefault, newSecretFlaw, secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../ops.ts';
import type { StoredSecret } from './stored.ts';

const LOCAL_DEFAULT = 'is a default of the local gateway, which everybody knows';

/** Reads the new secret from standard input. Throws an OperatorError that says what is wrong with it. */
export async function readNewSecret(
  ops: Pick<Ops, 'readSecret' | 'gateway'>,
  secret: Pick<StoredSecret, 'provider' | 'options' | 'id'>,
): Promise<string> {
  const value = await ops.readSecret();
  const like = secretFrom(secret.provider, secret.options, 'a secret like those of this provider').stored;
  const flaw = newSecretFlaw(value, like) ?? nameFlaw(value, secret) ?? storedFlaw(value, secret, ops);
  if (flaw !== undefined) throw new OperatorError(`The secret ${flaw}; nothing has changed.`);
  return value;
}

/** The outputs of a deployment print the names of its secrets: `hookgate/production/osigu`. */
const nameFlaw = (value: string, { id }: Pick<StoredSecret, 'id'>): string | undefined =>
  value.startsWith(id.slice(0, id.lastIndexOf('/') + 1)) ? 'is the name of a secret: give its value' : undefined;

/** Why nothing is verified with a stored value, as the end of a sentence that starts with "The secret"; undefined if it works. */
export function storedFlaw(
  value: string,
  { provider, options }: Pick<StoredSecret, 'provider' | 'options'>,
  { gateway }: Pick<Ops, 'gateway'>,
): string | undefined {
  const flaw = secretFlaw(value);
  if (flaw !== undefined) return FLAW_IN_WORDS[flaw];
  if (isLocalDefault(value) && !gateway.isLocal) return LOCAL_DEFAULT;
  const shape = secretShapeFlaw(provider, options, value);
  if (shape === undefined || provider.secret.parts) return shape;
  const scheme = schemeOf(provider, options);
  return scheme.accepts(value) ? shape : `is not one that ${provider.title} signs with (${scheme.title})`;
}

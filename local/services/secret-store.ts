import { createHash, randomUUID } from 'node:crypto';
import { readSecrets, writeSecrets } from './secret-file.ts';
import { AwsError } from './stand-in.ts';
import type { SecretVersion, StoredSecret } from './stored-secret.ts';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** The account and region of the secrets, and what keeps them. */
export interface SecretScope {
  readonly region: string;
  readonly accountId: string;
  readonly clock: () => number;
  /** A file that keeps them; without one they are in memory alone. */
  readonly file?: string | undefined;
}

/** AWS ends a secret's ARN in six random characters; here they follow from the name, and so survive a restart. */
export function secretArn(name: string, { region, accountId }: Pick<SecretScope, 'region' | 'accountId'>): string {
  const end = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${end}`;
}

/**
 * Secrets and their staging labels, as Secrets Manager keeps them: a label is on one version of a secret at most, and when
 * AWSCURRENT moves, AWSPREVIOUS moves to the version that it leaves.
 */
export class SecretStore {
  readonly #secrets: StoredSecret[];
  readonly #scope: SecretScope;

  constructor(scope: SecretScope) {
    this.#scope = scope;
    this.#secrets = scope.file === undefined ? [] : readSecrets(scope.file);
  }

  has = (name: string): boolean => this.#secrets.some((secret) => secret.name === name);

  /** Creates a secret without a version. `arn` is of one that is not of this account, or whose random end is unknown. */
  create(name: string, arn = secretArn(name, this.#scope)): StoredSecret {
    if (this.has(name)) {
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    }
    const now = this.#scope.clock();
    const secret = { name, arn, createdAt: now, changedAt: now, versions: new Map<string, SecretVersion>() };
    this.#secrets.push(secret);
    this.#save();
    return secret;
  }

  /** The secret with this name, ARN, or ARN without its random end. */
  get(id: string): StoredSecret {
    const secret = this.#secrets.find(({ name, arn }) => id === arn || id === name || id === arn.slice(0, -7));
    if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  }

  /** Adds a version with these labels. The same token with the same value again changes nothing. */
  put(secret: StoredSecret, value: string, stages: readonly string[], token: string = randomUUID()): SecretVersion {
    const known = secret.versions.get(token);
    if (known && known.value !== value) {
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because version ${token} of the secret already exists with another value.`,
      );
    }
    if (known) return known;
    const version = { id: token, value, createdAt: this.#scope.clock(), stages: new Set<string>() };
    // The first version becomes the current one, whatever labels it comes with.
    const labels = secret.versions.size === 0 ? new Set([...stages, CURRENT]) : new Set(stages);
    secret.versions.set(token, version);
    for (const label of labels) this.move(secret, label, version);
    return version;
  }

  /** Moves a label to a version, or, without one, takes it away. */
  move(secret: StoredSecret, label: string, to?: SecretVersion): void {
    const from = versionAt(secret, label);
    if (from === to) return;
    from?.stages.delete(label);
    to?.stages.add(label);
    if (label === CURRENT && from) this.move(secret, PREVIOUS, from);
    secret.changedAt = this.#scope.clock();
    this.#save();
  }

  #save(): void {
    if (this.#scope.file !== undefined) writeSecrets(this.#scope.file, this.#secrets);
  }
}

/** The version that has the label. */
export const versionAt = (secret: StoredSecret, label: string): SecretVersion | undefined =>
  [...secret.versions.values()].find(({ stages }) => stages.has(label));

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT_BOUNDS } from '../adapters/clients.ts';
import { setting } from '../adapters/environment.ts';
import { telemetry } from '../adapters/observer.ts';
import { currentVersionDate } from '../adapters/secret-date.ts';
import { traced } from '../adapters/trace.ts';

const manager = traced(new SecretsManagerClient(CLIENT_BOUNDS), 'SecretsManager');

export const clock = (): number => Date.now();
/** For lines that concern no single source. */
export const { logger } = telemetry('all');
/** ARNs of the watched secrets, by source. */
export const secrets = Object.entries(JSON.parse(setting('agingSecrets')) as Record<string, string>);
/** When the current version of a secret was made; undefined if there is none. */
export const currentSince = (arn: string): Promise<Date | undefined> => currentVersionDate(manager, arn);

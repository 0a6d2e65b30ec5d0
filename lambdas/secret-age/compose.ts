import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT_BOUNDS } from '../adapters/clients.ts';
import { telemetry } from '../adapters/observer.ts';
import { currentVersionDate } from '../adapters/secret-date.ts';
import { traced } from '../adapters/trace.ts';

const manager = traced(new SecretsManagerClient(CLIENT_BOUNDS), 'SecretsManager');

export const clock = (): number => Date.now();
/** For lines that concern no single source. */
export const { logger } = telemetry('all');
/** When the current version of a secret was made; undefined if there is none. */
export const currentSince = (secret: string): Promise<Date | undefined> => currentVersionDate(manager, secret);

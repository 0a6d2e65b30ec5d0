import { ENV } from '../contract.ts';

/** The value of an environment variable that the stack sets. Throws if it is not set: the function is wired wrong. */
export function setting(name: keyof typeof ENV): string {
  const value = process.env[ENV[name]];
  if (value === undefined || value === '') throw new Error(`the environment variable ${ENV[name]} is not set`);
  return value;
}

/** The value of an environment variable that the stack sets on some functions of a kind; undefined on the others. */
export function optionalSetting(name: keyof typeof ENV): string | undefined {
  const value = process.env[ENV[name]];
  return value === '' ? undefined : value;
}

/** A whole number that the stack sets; positive, unless it may be as little as `least`. */
export function numberSetting(name: keyof typeof ENV, least = 1): number {
  const value = Number(setting(name));
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${ENV[name]} is not a whole number of ${least} or more`);
  return value;
}

/**
 * Whether this runs on one machine, with stand-ins at a loopback address for the providers' APIs. In AWS nothing sets an
 * endpoint; the local gateway's own is one of these.
 */
export const isOneMachine = (): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(URL.parse(process.env.AWS_ENDPOINT_URL ?? '')?.hostname ?? '');

/** The number of the version that runs; undefined if it is the newest code, which is called by the function's own name. */
export function publishedVersion(): string | undefined {
  const { AWS_LAMBDA_FUNCTION_VERSION: version = '$LATEST' } = process.env;
  return version === '$LATEST' ? undefined : version;
}

/** Megabytes of memory that the function has, as Lambda says it. */
export const memoryMb = (): number => Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 1024);

import { ENV } from '../contract.ts';

/** The value of an environment variable that the stack sets. Throws where it is not set: the function is wired wrong. */
export function setting(name: keyof typeof ENV): string {
  const value = process.env[ENV[name]];
  if (value === undefined || value === '') throw new Error(`the environment variable ${ENV[name]} is not set`);
  return value;
}

/** A positive whole number that the stack sets. */
export function numberSetting(name: keyof typeof ENV): number {
  const value = Number(setting(name));
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`${ENV[name]} is not a positive whole number`);
  return value;
}

import { expect, it } from '@jest/globals';
import { ownApp } from '../../cli/run-cdk.ts';

/** An argument as the CDK's command line reads it: it strips the quotes around it, if it has the same at both ends. */
const asTheCdkReads = (argument: string): string => argument.replace(/^(["'])(.*)\1$/s, '$2');

it('the command line of the own app comes through as two quoted words', () => {
  expect(asTheCdkReads('"one word"')).toBe('one word');
  expect(asTheCdkReads(ownApp()).trim()).toMatch(/^"[^"]+" "[^"]+app\.[jt]s"$/);
});

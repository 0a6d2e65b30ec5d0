import { NestedStack, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../lib/config/config.ts';
import { checkPlace } from '../../lib/surroundings.ts';

describe('the place of a gateway', () => {
  it('is a stack, a construct in one, or a stack beneath another', () => {
    const stack = new Stack(undefined, 'Webhooks');
    expect(() => checkPlace(stack)).not.toThrow();
    expect(() => checkPlace(new Stack(stack, 'Inner'))).not.toThrow();
  });

  it('is not a nested stack, nor anything in one', () => {
    const nested = new NestedStack(new Stack(undefined, 'Webhooks'), 'Nested');
    expect(() => checkPlace(nested)).toThrow(ConfigError);
    expect(() => checkPlace(nested)).toThrow('a gateway cannot be in a nested stack');
  });

  it('is not a stack that has one', () => {
    const stack = new Stack(undefined, 'Webhooks');
    checkPlace(stack);
    expect(() => checkPlace(stack)).toThrow('Webhooks has a gateway already');
  });
});

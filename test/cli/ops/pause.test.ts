import { expect, it } from '@jest/globals';
import { pausedText } from '../../../cli/ops/pause.ts';

it('says that a pause is in force within five seconds, and not at once', () => {
  expect(pausedText('stripe')).toBe(
    'stripe is paused. Its processors know it within 5 seconds, and then begin no event. Events under way go on. Deliveries are accepted.',
  );
  expect(pausedText('stripe.partner')).toMatch(/within 5 seconds.*stripe and its other targets go on too\.$/);
});

import { expect, it } from '@jest/globals';
import { measureFirstDeliveries } from '../../bench/first-delivery/part.ts';

it('npm run bench -- first-delivery gets a hundred deliveries of each kind of scheme accepted', async () => {
  const { figures } = await measureFirstDeliveries({ rounds: 1 });
  expect(figures).not.toHaveLength(0);
}, 400_000);

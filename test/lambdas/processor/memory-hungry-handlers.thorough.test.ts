import { describe, it } from '@jest/globals';
import { endsAlone } from './ends-alone.ts';

describe('a handler that fills its memory', () => {
  it.each(['fills the heap', 'fills buffers'] as const)(
    'fails its own event alone when it comes again (%s)',
    endsAlone,
    180_000,
  );
});

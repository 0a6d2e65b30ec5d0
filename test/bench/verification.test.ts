import { describe, expect, it } from '@jest/globals';
import { ourSubjects, representatives } from '../../bench/verification/providers.ts';

describe('npm run bench -- verification', () => {
  it.each(representatives())('%s verifies what it signed, and so does the primitive beside it', (name) => {
    const subjects = ourSubjects(name, 1_000, new Date());
    expect(subjects).toHaveLength(2);
    for (const { run } of subjects) expect(run).not.toThrow();
  });
});

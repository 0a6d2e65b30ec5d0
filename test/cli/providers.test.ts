import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { catalogue } from '../../cli/providers/catalogue.ts';
import { withFacts } from '../../cli/providers/page.ts';
import { providers } from '../../lambdas/providers/index.ts';

const bare = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.each([...providers])('the catalogue on %s', (name, provider) => {
  it('says how it signs, what that proves, and where the facts are from', () => {
    expect(catalogue([provider])).toEqual(
      [
        {
          ...{ name, title: provider.title, identity: provider.identity },
          scheme: expect.stringMatching(/\S/),
          coverage: expect.stringMatching(/^(body|fields|caller)$/),
          windows: {
            replaySeconds: expect.anything() as unknown,
            ledgerDays: expect.any(Number),
            retrySeconds: provider.retryHorizonSeconds,
          },
          missedEvents: provider.missedEvents !== undefined,
          confidence: provider.documents.confidence,
          source: provider.documents.source,
        },
      ].map((entry) => ({
        ...entry,
        windows: expect.objectContaining({ retrySeconds: provider.retryHorizonSeconds }) as unknown,
      })),
    );
  });

  it('is on its page as its file has it', () => {
    const file = `docs/providers/${name}.md`;
    const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const current = withFacts(page, provider);
    // `npm run providers -- --write` brings it up to date.
    if (current !== undefined) expect(bare(page)).toBe(bare(current));
  });
});

import { describe, expect, it } from '@jest/globals';
import { resolveConfig } from '../../lib/config/config.ts';
import { allowedHosts } from '../../local/allowed-hosts.ts';

const config = resolveConfig({
  sources: { honeybee: { provider: 'honeybee', publicUrl: 'https://Hooks.Example/webhooks/honeybee' } },
});

describe('the allowed hosts', () => {
  it.each([
    ['', 'hooks.example', true],
    ['', 'other.example', false],
    [' a.example , B.example', 'b.example', true],
    ['a.example', 'x.a.example', false],
    ['.a.example', 'x.a.example', true],
    ['.a.example', 'xa.example', false],
    ['.a.example', 'a.example', false],
    ['', '', false],
  ])('of the source and of %j have %j: %j', (HOOKGATE_ALLOWED_HOSTS, hostname, isAllowed) => {
    expect(allowedHosts(config, { HOOKGATE_ALLOWED_HOSTS })(hostname)).toBe(isAllowed);
  });

  it.each(['https://a.example', 'a.example:443', '*', 'a..b', 'a/b', '.', '.com'])(
    'cannot be %j',
    (HOOKGATE_ALLOWED_HOSTS) => {
      expect(() => allowedHosts(config, { HOOKGATE_ALLOWED_HOSTS })).toThrow(
        'HOOKGATE_ALLOWED_HOSTS must be host names',
      );
    },
  );
});

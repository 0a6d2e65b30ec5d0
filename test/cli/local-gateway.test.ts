import { describe, expect, it } from '@jest/globals';
import { isLoopback } from '../../cli/loopback.ts';
import { defaultOptions } from '../lambdas/providers/deliveries.ts';
import { providerNamed } from '../../lambdas/providers/index.ts';
import { localSecret, secretVariable, signingSecret, targetUrl } from '../../cli/local-gateway.ts';

const sourceNamed = (name: string) => {
  const provider = providerNamed(name.replace(/-.*/, ''));
  return { name, provider, options: defaultOptions(provider) };
};

describe('the target of a delivery', () => {
  it.each([
    [undefined, {}, 'http://127.0.0.1:4000/webhooks/osigu'],
    [undefined, { PORT: '' }, 'http://127.0.0.1:4000/webhooks/osigu'],
    [undefined, { PORT: '5123' }, 'http://127.0.0.1:5123/webhooks/osigu'],
    ['https://hooks.example.com/prod/webhooks/osigu?a=b', {}, 'https://hooks.example.com/prod/webhooks/osigu?a=b'],
  ])('given %s in %j, is %s', (given, env, url) => {
    expect(targetUrl('osigu', given, env)).toBe(url);
  });

  it.each(['osigu', '/webhooks/osigu', 'ftp://example.com/', ''])('refuses %j as a URL', (given) => {
    expect(() => targetUrl('osigu', given, {})).toThrow(`"${given}" is not the URL of a gateway`);
  });

  it.each(['x', '4000 ', '-1', '0', '65536', '1e3'])('refuses the port %j', (port) => {
    expect(() => targetUrl('osigu', undefined, { PORT: port })).toThrow(
      `PORT must be a whole number from 1 to 65535, and is "${port}"`,
    );
  });
});

describe('the signing secret', () => {
  it('is named after the source, upper case, with _ for -', () => {
    expect(secretVariable('osigu-sandbox-2')).toBe('HOOKGATE_SECRET_OSIGU_SANDBOX_2');
  });

  it('is the local default, unless the environment has one', () => {
    expect(localSecret('osigu-sandbox', {})).toBe('local-secret-osigu-sandbox');
    expect(localSecret('osigu-sandbox', { HOOKGATE_SECRET_OSIGU_SANDBOX: 'mine' })).toBe('mine');
  });

  const deployed = 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/webhooks/osigu';

  it.each([undefined, ''])('is never the local default for another machine (%j)', (value) => {
    const env = { HOOKGATE_SECRET_OSIGU: value };
    expect(() => signingSecret(sourceNamed('osigu'), deployed, env)).toThrow(
      'abc.execute-api.eu-west-1.amazonaws.com is not this machine: set HOOKGATE_SECRET_OSIGU',
    );
  });

  it('for another machine is the one in the environment', () => {
    expect(signingSecret(sourceNamed('osigu'), deployed, { HOOKGATE_SECRET_OSIGU: 'theirs' })).toBe('theirs');
  });

  it.each([
    'http://127.0.0.1:4000/',
    'http://127.9.9.9/',
    'http://localhost:1/',
    'http://[::1]:1/',
    'http://2130706433/',
  ])('takes %s for this machine', (url) => {
    expect(isLoopback(url)).toBe(true);
    expect(signingSecret(sourceNamed('osigu'), url, {})).toBe('local-secret-osigu');
  });

  it.each([
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'http://127.0.0.1@example.com/',
    'http://10.0.0.1/',
    'http://[::2]/',
  ])('takes %s for another machine', (url) => {
    expect(isLoopback(url)).toBe(false);
  });
});

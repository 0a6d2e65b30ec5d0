import { describe, expect, it } from '@jest/globals';
import { secretFrom } from '../../../lambdas/core/provider-secret.ts';
import { sampleOf, schemeOf } from '../../../lambdas/core/provider.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { verify } from '../../../lambdas/core/receive/verify.ts';
import { publishedKeyOf } from '../../lambdas/providers/deliveries.ts';
import { providerNamed, providers } from '../../../lambdas/providers/index.ts';
import { isExpected, signed, signsTime } from '../../../cli/send/signed.ts';
import type { Flaws, SignedDelivery } from '../../../cli/send/signed.ts';

const now = new Date('2026-02-03T04:05:06.789Z');
const url = 'http://127.0.0.1:4000/webhooks/x';

function make(provider: Provider, flaws: Flaws, options = {}): SignedDelivery {
  const body = sampleOf(provider, { id: 'one', now }).body;
  return signed({
    source: { provider, options },
    url,
    body,
    secret: secretFrom(provider, options, 'right').signing,
    now,
    flaws,
  });
}

/** The verdict of the gateway's own verifier, as a word. */
function verdict(provider: Provider, { headers, body }: SignedDelivery, at = url, options = {}): string {
  const delivery = {
    method: 'POST',
    url: at,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
    body,
  };
  const signature = schemeOf(provider, options).read(delivery, { now, options });
  if (!signature.ok) return signature.reason;
  const { stored, signing } = secretFrom(provider, options, 'right');
  const found = signature.value;
  const result =
    'keyFor' in found
      ? found.matches(stored, publishedKeyOf(signing))
      : verify(found, [{ value: stored, label: 'current', versionId: '1' }]);
  return result ? 'accepted' : 'signature_mismatch';
}

describe.each([...providers.values()].map((provider) => [provider.name, provider] as const))(
  '%s',
  (_name, provider) => {
    it('verifies what the sender signs', () => {
      expect(verdict(provider, make(provider, {}))).toBe('accepted');
    });

    it('finds a forged delivery forged', () => {
      expect(verdict(provider, make(provider, { forge: true }))).toBe('signature_mismatch');
    });

    it('finds a stale delivery stale, where it signs a timestamp', () => {
      const expected = signsTime({ provider, options: {} }) ? 'timestamp_out_of_window' : 'accepted';
      expect(verdict(provider, make(provider, { stale: true }))).toBe(expected);
    });

    it('expects 2xx for a delivery without a flaw, and its own status for one with a flaw', () => {
      const status = provider.rejectionStatus;
      expect([200, 204, 301, 400, 401, 503].filter((each) => isExpected(each, provider, {}))).toEqual([200, 204]);
      expect(
        [...new Set([200, 400, 401, 413, 503, status])].filter((each) => isExpected(each, provider, { forge: true })),
      ).toEqual([status]);
      expect(
        [...new Set([200, 400, 401, 413, 503, status])].filter((each) => isExpected(each, provider, { stale: true })),
      ).toEqual([status]);
    });
  },
);

it.each([
  ['optum', false],
  ['osigu', true],
  ['honeybee', false],
  ['nvsep', false],
  ['nabla', true],
])('%s signs a timestamp: %s', (name, expected) => {
  expect(signsTime({ provider: providerNamed(name), options: {} })).toBe(expected);
});

it('signs the public URL where the source states one, and sends to the URL asked for', () => {
  const honeybee = providerNamed('honeybee');
  const publicUrl = 'https://hooks.example.com/honeybee?tenant=1';
  const delivery = make(honeybee, {}, { publicUrl });
  expect(delivery.url).toBe(url);
  expect(verdict(honeybee, delivery, url, { publicUrl })).toBe('accepted');
  expect(verdict(honeybee, delivery, url)).toBe('signature_mismatch');
});

import { shopify } from '../../lambdas/providers/shopify.ts';
import { agrees, load } from './oracle.ts';

interface Webhooks {
  validate(request: { rawBody: string; rawRequest: object; rawResponse: object }): Promise<{ valid: boolean }>;
}

await load('@shopify/shopify-api/adapters/node');
const { shopifyApi } = await load<{ shopifyApi: (config: object) => { webhooks: Webhooks } }>('@shopify/shopify-api');

agrees('@shopify/shopify-api', {
  provider: shopify,
  async accepts({ headers, text, secret }) {
    const { webhooks } = shopifyApi({
      ...{ apiKey: 'key', apiSecretKey: secret, apiVersion: '2026-01', scopes: [], hostName: 'hooks.example.com' },
      ...{ isEmbeddedApp: false, logger: { log: () => undefined } },
    });
    const rawRequest = { method: 'POST', url: '/', headers, rawHeaders: Object.entries(headers).flat() };
    const { valid } = await webhooks.validate({ rawBody: text, rawRequest, rawResponse: {} });
    return valid;
  },
  differences: { 'bytes that are not UTF-8': 'the SDK hashes text' },
});

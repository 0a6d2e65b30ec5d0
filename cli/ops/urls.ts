import { z } from 'zod';
import { webhookPath } from '../../lambdas/contract.ts';
import { table } from '../text/blocks.ts';
import { operation } from './operation.ts';

/** `ops urls`: what to register with each provider. */
export const urls = operation({
  name: 'urls',
  summary: 'The URL of each source, to register with its provider.',
  input: z.object({}),
  output: z.array(z.object({ source: z.string(), provider: z.string(), url: z.string() })),
  effect: 'reads',
  permissions: [],
  async run({ config, gateway }) {
    const data = await Promise.all(
      config.sources.map(async ({ name, provider }) => ({
        source: name,
        provider: provider.title,
        url: gateway.isLocal ? gateway.name + webhookPath(name) : await gateway.outputOf(name, 'Url'),
      })),
    );
    const rows = data.map(({ source, provider, url }) => [source, provider, url]);
    return { text: [table(['source', 'provider', 'URL'], rows)], data };
  },
});

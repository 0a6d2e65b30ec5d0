import { z } from 'zod';
import { webhookPath } from '../../lambdas/contract.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
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
  run({ config, gateway }) {
    const data = config.sources.map(({ name, provider }) => ({
      source: name,
      provider: provider.title,
      url: gateway.isLocal ? gateway.name + webhookPath(name) : gateway.output(`${pascalCase(name)}Url`),
    }));
    const rows = data.map(({ source, provider, url }) => [source, provider, url]);
    return Promise.resolve({ text: [table(['source', 'provider', 'URL'], rows)], data });
  },
});

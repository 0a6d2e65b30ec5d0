import { Command } from 'commander';
import { webhookPath } from '../../lambdas/contract.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import type { Action, Ops } from './command.ts';
import { table } from './output.ts';
import type { Report } from './output.ts';

/** `ops urls`: what to register with each provider. */
export const urlsCommand = (action: Action): Command =>
  new Command('urls').description('The URL of each source, to register with its provider.').action(action(showUrls));

export function showUrls({ config, target }: Ops): Promise<Report> {
  const data = config.sources.map(({ name, provider }) => ({
    source: name,
    provider: provider.title,
    url: target.isLocal ? target.name + webhookPath(name) : target.output(`${pascalCase(name)}Url`),
  }));
  const rows = data.map(({ source, provider, url }) => [source, provider, url]);
  return Promise.resolve({ text: table(['source', 'provider', 'URL'], rows), data });
}

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { secretFromFile } from '../cli/mcp/secret-file.ts';
import { mcpServer } from '../cli/mcp/server.ts';
import type { McpOptions } from '../cli/mcp/server.ts';
import { loadConfig } from '../lib/load-config.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Standard output is the protocol's: everything for a person goes to standard error.
const context = {
  env: process.env,
  loadConfig,
  clock: () => Date.now(),
  newId: () => randomUUID(),
  readSecret: () => secretFromFile(process.env),
  via: 'MCP server',
  printError: (text: string) => console.error(text),
};

const command = new Command('mcp')
  .description('Serves the operations of npm run ops as tools of the Model Context Protocol, over stdio.')
  .option('--allow-changes', 'offer operations that change something too; default: those that only read')
  .option('--stage <stage>', 'the stage of the gateway; default: the stage in hookgate.config.ts')
  .option('--region <region>', 'the AWS region; default: the region of your AWS configuration')
  .option('--local', 'the local gateway, on the port in PORT, or else on 4000')
  .action((options: McpOptions) => mcpServer(version, options, context).connect(new StdioServerTransport()));

await command.parseAsync();

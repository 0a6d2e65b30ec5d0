import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Command } from 'commander';
import { createServer } from 'node:http';
import { z } from 'zod';
import { resolveConfig } from '../../../lib/config/config.ts';
import { mcpServer, toolName } from '../../../cli/mcp/server.ts';
import type { McpOptions } from '../../../cli/mcp/server.ts';
import { opsCommand } from '../../../cli/ops/command.ts';
import { operation } from '../../../cli/ops/operation.ts';
import type { Operation } from '../../../cli/ops/operation.ts';
import { GROUPS, OPERATIONS } from '../../../cli/ops/operations.ts';
import { OperatorError } from '../../../cli/operator-error.ts';
import { close, listen } from '../../../local/http.ts';

const config = resolveConfig({ sources: { osigu: { provider: 'osigu' } } });

/** A local gateway as far as a command looks for one. */
const gateway = createServer((request, response) => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
  const views: Record<string, unknown> = {
    '/_local/stack': { outputs: {}, resources: {} },
    '/_local/access': { region: 'us-east-1', endpoint: 'http://127.0.0.1:1', credentials },
  };
  response.end(JSON.stringify(views[request.url ?? '']));
});
let port = 0;
beforeAll(async () => {
  port = await listen(gateway);
});
afterAll(() => close(gateway));

const context = () => ({
  env: { PORT: String(port) },
  loadConfig: () => config,
  clock: () => 0,
  newId: () => 'id',
  readSecret: () => Promise.resolve('a secret from outside'),
  via: 'test',
  printError: () => undefined,
});

/** The command line: runs a line, and returns what it printed. */
async function run(line: readonly string[], operations = OPERATIONS) {
  const [printed, errors, codes]: [string[], string[], number[]] = [[], [], []];
  const command = opsCommand(
    {
      ...context(),
      print: (text) => void printed.push(text),
      printError: (text) => void errors.push(text),
      exit: (code) => void codes.push(code),
    },
    operations,
  );
  await command.parseAsync(['--local', '--json', ...line], { from: 'user' });
  return { printed: printed.join('\n'), errors, code: codes[0] };
}

async function connect(options: McpOptions = {}, operations = OPERATIONS): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await mcpServer('1', { local: true, ...options }, context(), operations).connect(there);
  await client.connect(here);
  return client;
}

function commandOf({ name }: Operation, root: Command): Command | undefined {
  return name
    .split(' ')
    .reduce<Command | undefined>((at, word) => at?.commands.find((command) => command.name() === word), root);
}

const COMMON = ['stage', 'region', 'local', 'json'];
const camelCase = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('every operation', () => {
  const root = opsCommand({ ...context(), print: () => undefined, exit: () => undefined });

  it('has a name of its own, and a group that says what it is about', () => {
    expect(new Set(OPERATIONS.map(toolName)).size).toBe(OPERATIONS.length);
    for (const { name } of OPERATIONS) if (name.includes(' ')) expect(GROUPS).toHaveProperty(name.split(' ')[0] ?? '');
  });

  it.each(OPERATIONS)('$name is a command with its whole input, and nothing else', (op) => {
    const command = commandOf(op, root);
    const options = command?.options.filter(({ long }) => !COMMON.includes(long?.slice(2) ?? '')) ?? [];
    const named = [
      ...(command?.registeredArguments.map((argument) => [argument.name(), argument.required, argument.description]) ??
        []),
      ...options.map((option) => [camelCase(option.long?.slice(2) ?? ''), option.mandatory, option.description]),
    ];
    const stated = Object.entries(op.input.shape).map(([name, schema]) => [
      name,
      !(schema as z.ZodType).safeParse(undefined).success,
      (schema as z.ZodType).description,
    ]);
    expect(named.sort()).toEqual(stated.sort());
    expect(command?.description()).toBe(op.summary);
  });

  it('is a tool with its whole input, its output and its effect', async () => {
    const client = await connect({ allowChanges: true });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(OPERATIONS.map(toolName));
    for (const op of OPERATIONS) {
      const tool = tools.find(({ name }) => name === toolName(op));
      const { properties = {}, required = [] } = z.toJSONSchema(op.input, { io: 'input' });
      expect([...Object.keys(tool?.inputSchema.properties ?? {})]).toEqual(Object.keys(properties));
      expect([...(tool?.inputSchema.required ?? [])].sort()).toEqual([...required].sort());
      expect(tool?.annotations).toMatchObject({ readOnlyHint: op.effect === 'reads' });
      expect(tool?.description).toContain(op.summary);
    }
    await client.close();
  });

  it('that changes something is no tool unless changes are allowed, and cannot be called', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(OPERATIONS.filter(({ effect }) => effect === 'reads').map(toolName));
    const changing = OPERATIONS.find(({ effect }) => effect === 'changes');
    const answer = await client.callTool({ name: changing ? toolName(changing) : '', arguments: { source: 'osigu' } });
    expect(answer).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('not found') }] });
    await client.close();
  });

  it('names the permissions that it takes', () => {
    for (const { permissions } of OPERATIONS)
      for (const permission of permissions) expect(permission).toMatch(/^[a-z0-9]+:[A-Z]\w+$/);
  });
});

describe('an operation of every kind of input', () => {
  const input = z.object({
    source: z.string().describe('a source'),
    key: z.string().optional().describe('a key'),
    limit: z.int().min(1).max(9).default(5).describe('a number'),
    inFull: z.boolean().default(false).describe('a flag'),
  });
  const made = operation({
    name: 'group echo',
    summary: 'Says what it was told.',
    ...{ input, output: z.looseObject({}), positional: ['source', 'key'] },
    effect: 'reads',
    permissions: [],
    run: async ({ readSecret }, given) => {
      if (given.source === 'none') throw new OperatorError('There is\nno source.');
      return { text: [], data: { ...given, secret: await readSecret() }, ok: given.limit !== 9 };
    },
  });
  const secret = 'a secret from outside';
  const cases: [string[], Record<string, unknown>, Record<string, unknown>][] = [
    [['osigu'], { source: 'osigu' }, { source: 'osigu', limit: 5, inFull: false, secret }],
    [
      ['osigu', '--limit', '9', '--in-full', '--', '--all'],
      { source: 'osigu', key: '--all', limit: 9, inFull: true },
      { source: 'osigu', key: '--all', limit: 9, inFull: true, secret },
    ],
  ];

  it.each(cases)('is told the same by the command %j and by its tool', async (line, given, expected) => {
    const { printed, code } = await run(['group', 'echo', ...line], [made]);
    expect(JSON.parse(printed)).toEqual(expected);
    const client = await connect({}, [made]);
    const { structuredContent } = await client.callTool({ name: 'group_echo', arguments: given });
    expect(structuredContent).toEqual({ result: expected, needsAttention: code === 1 });
    await client.close();
  });

  it('tells of an error in one line, by either', async () => {
    expect(await run(['group', 'echo', 'none'], [made])).toMatchObject({ code: 1, errors: ['There is\\nno source.'] });
    const client = await connect({}, [made]);
    const answer = await client.callTool({ name: 'group_echo', arguments: { source: 'none' } });
    expect(answer).toMatchObject({ isError: true, content: [{ type: 'text', text: 'There is\\nno source.' }] });
    const wrong = await client.callTool({ name: 'group_echo', arguments: { source: 'osigu', limit: 10 } });
    expect(wrong).toMatchObject({ isError: true });
    await client.close();
  });
});

import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { auditExport } from '../../../cli/ops/audit/export.ts';
import { auditList } from '../../../cli/ops/audit/list.ts';
import { auditVerify } from '../../../cli/ops/audit/verify.ts';
import type { OperatedGateway } from '../../../cli/ops/gateway.ts';
import { isRecorded, operation, statedOf } from '../../../cli/ops/operation.ts';
import { pause } from '../../../cli/ops/pause.ts';
import type { Operation } from '../../../cli/ops/operation.ts';
import { OPERATIONS } from '../../../cli/ops/operations.ts';
import { problemsOf } from '../../../cli/ops/record/chain.ts';
import { entryAfter, headOf, START } from '../../../cli/ops/record/entry.ts';
import { recordStore } from '../../../cli/ops/record/store.ts';
import { runOn, runOperation } from '../../../cli/ops/run.ts';
import type { RunContext } from '../../../cli/ops/run.ts';
import { OperatorError } from '../../../cli/operator-error.ts';
import { LEDGER, LEDGER_KEY } from '../../../lambdas/contract.ts';
import { RECORD } from '../../../cli/ops/record/objects.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { startS3 } from '../../../local/services/s3.ts';
import type { EmbeddedService } from '../../../local/services/embedded.ts';
import { startLedgerTables } from '../../ledger-tables.ts';
import type { LedgerTables } from '../../ledger-tables.ts';

const config = resolveConfig({ sources: { osigu: { provider: 'osigu' } } });
const NOW = Date.parse('2026-11-26T12:00:00Z');

let tables: LedgerTables;
let s3: EmbeddedService<S3Client>;
let bucket = '';
let table = '';
let errors: string[] = [];
const files = new Map<string, string>();
/** The answers of STS, of an operation's own client in these tests, and of the bucket. */
let sts: () => unknown;
let refuses = false;

beforeAll(async () => {
  tables = await startLedgerTables();
  s3 = await startS3('us-east-1');
  s3.client.middlewareStack.add(
    (next, context) => (args) => {
      if (refuses && context.commandName === 'PutObjectCommand')
        throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: {} });
      return next(args);
    },
    { step: 'initialize' },
  );
});
afterAll(() => Promise.all([tables.stop(), s3.stop()]));

beforeEach(async () => {
  table = await tables.create();
  bucket = `record-${randomUUID()}`;
  await s3.client.send(new CreateBucketCommand({ Bucket: bucket }));
  errors = [];
  refuses = false;
  sts = () => Promise.resolve({ Arn: 'arn:aws:sts::111122223333:assumed-role/Operator/ada' });
});

const gateway = (isLocal = true): OperatedGateway => ({
  ...{ name: 'hookgate-dev', isLocal },
  output: (name) => (name === 'RecordBucket' ? bucket : table),
  outputOf: () => Promise.reject(new Error('not looked for')),
  resourceOf: () => Promise.reject(new Error('not looked for')),
  client: <Client>(Kind: new (settings: never) => Client): Client => {
    const clients = new Map<unknown, unknown>([
      [S3Client, s3.client],
      [DynamoDBClient, tables.client],
      [STSClient, { send: () => sts() }],
    ]);
    return clients.get(Kind) as Client;
  },
});

const context: RunContext = {
  ...{ env: {}, loadConfig: () => config, clock: () => NOW, newId: () => randomUUID(), via: 'test' },
  readSecret: () => Promise.resolve('a secret'),
  writeFile: (path, content) => Promise.resolve(void files.set(path, content)),
  printError: (text) => void errors.push(text),
};

const done: string[] = [];
const change = operation({
  name: 'make change',
  summary: 'Changes something.',
  ...{ input: z.object({ source: z.string(), fails: z.string().optional() }), output: z.looseObject({}) },
  effect: 'changes',
  permissions: [],
  run(_ops, { source, fails }) {
    done.push(source);
    if (fails === 'killed') return new Promise(() => undefined);
    if (fails !== undefined) throw new OperatorError(fails);
    return Promise.resolve({ text: [], data: {}, ok: source !== 'attention' });
  },
});

const run = (op: Operation, input: Record<string, unknown> = {}, of = gateway()) => runOn(of, op, input, context);
const data = async (op: Operation, input: Record<string, unknown> = {}) => (await run(op, input)).data;
const list = async () => ((await data(auditList)) as { runs: Record<string, unknown>[] }).runs;
const verify = async (input: Record<string, unknown> = {}) =>
  (await data(auditVerify, input)) as { entries: number; head: string; unknown: number; problems: unknown[] };

describe('the record', () => {
  it('says who did what, when, why and with which outcome', async () => {
    await run(change, { source: 'osigu', reason: 'the provider asked' });
    await run(change, { source: 'attention' });
    await expect(run(change, { source: 'nobody', fails: 'There is no source.' })).rejects.toThrow(
      'There is no source.',
    );
    const [failed, attention, first] = await list();
    const who = { identity: expect.stringContaining('@'), user: expect.stringContaining('@'), via: 'test' };
    expect(first).toEqual({
      ...{ number: 1, at: '2026-11-26T12:00:00.000Z', operation: 'make change', arguments: { source: 'osigu' } },
      ...{ reason: 'the provider asked', who, outcome: 'succeeded', error: null, endedAt: '2026-11-26T12:00:00.000Z' },
    });
    expect(attention).toMatchObject({ number: 3, reason: null, outcome: 'needs attention' });
    expect(failed).toMatchObject({ number: 5, outcome: 'failed', error: 'There is no source.' });
    expect(await verify()).toMatchObject({ entries: 6, problems: [], unknown: 0 });
  });

  it('keeps the reason that a pause is given, and does not ask for another one', () => {
    expect(Object.keys(pause.input.shape)).toEqual(['source', 'reason']);
    expect(statedOf(pause, { source: 'osigu', reason: 'an upgrade' })).toEqual({
      ...{ arguments: { source: 'osigu' }, reason: 'an upgrade' },
    });
  });

  it('knows the caller on AWS as STS does', async () => {
    await run(change, { source: 'osigu' }, gateway(false));
    expect(await list()).toMatchObject([{ who: { identity: 'arn:aws:sts::111122223333:assumed-role/Operator/ada' } }]);
  });

  it('is written before anything is done: what cannot be recorded is not done', async () => {
    refuses = true;
    done.length = 0;
    await expect(run(change, { source: 'osigu' })).rejects.toThrow(
      'Nothing was done, because the record could not be written. AWS refused the call: AccessDenied: no',
    );
    sts = () => Promise.reject(new Error('expired'));
    refuses = false;
    await expect(run(change, { source: 'osigu' }, gateway(false))).rejects.toThrow('expired');
    expect(done).toEqual([]);
    expect(await list()).toEqual([]);
  });

  it('shows a run that was killed behind its entry as unknown, and goes on', async () => {
    void run(change, { source: 'killed', fails: 'killed' });
    while (!done.includes('killed')) await new Promise((resolve) => setImmediate(resolve));
    await run(change, { source: 'later' });
    expect(await list()).toMatchObject([
      { arguments: { source: 'later' }, outcome: 'succeeded' },
      { arguments: { source: 'killed' }, outcome: 'unknown', endedAt: null },
    ]);
    expect(await verify()).toMatchObject({ problems: [], unknown: 1 });
  });

  it('goes on after a kill between an entry and the head', async () => {
    await run(change, { source: 'one' });
    await tables.client.send(
      new DeleteItemCommand({ TableName: table, Key: { [LEDGER.partitionKey]: { S: LEDGER_KEY.recordHead() } } }),
    );
    await run(change, { source: 'two' });
    expect(await verify()).toMatchObject({ entries: 4, problems: [] });
  });

  it('does not fail what was done if the outcome cannot be recorded, and says so', async () => {
    const late = operation({
      ...{ name: 'make late', summary: 'x', input: z.object({}), output: z.looseObject({}), permissions: [] },
      effect: 'changes',
      run() {
        refuses = true;
        return Promise.resolve({ text: [], data: { done: true } });
      },
    });
    expect((await run(late)).data).toEqual({ done: true });
    expect(errors).toEqual([expect.stringContaining('The outcome could not be recorded')]);
    refuses = false;
    expect(await list()).toMatchObject([{ outcome: 'unknown' }]);
  });

  it('is not forked by many operators at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => run(change, { source: `at once ${index}` })));
    expect(await list()).toHaveLength(12);
    expect(await verify()).toMatchObject({ entries: 24, problems: [], unknown: 0 });
  });

  it('takes an entry once whose answer is lost', async () => {
    const store = recordStore(gateway());
    let isLost = true;
    s3.client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (!isLost || context.commandName !== 'PutObjectCommand') return answer;
        isLost = false;
        return next(args);
      },
      { step: 'initialize', name: 'lost' },
    );
    await store.append({ at: 'now', run: 'one', step: 'ended', outcome: 'succeeded', error: null });
    s3.client.middlewareStack.remove('lost');
    expect(await store.numbers()).toEqual([1]);
  });
});

describe('tampering', () => {
  const texts = new Map<number, string>();
  let head = START;
  for (let number = 1; number <= 6; number++) {
    const text = entryAfter(head, { at: 'now', run: `${number}`, step: 'ended', outcome: 'succeeded', error: null });
    texts.set(number, text);
    head = headOf(number, text);
  }
  const changed = (...changes: (readonly [number, string | undefined])[]): Map<number, string> => {
    const copy = new Map(texts);
    for (const [number, text] of changes) {
      if (text === undefined) copy.delete(number);
      else copy.set(number, text);
    }
    return copy;
  };
  const at = (number: number): string => texts.get(number) ?? '';
  const edited = (number: number): string => at(number).replace('succeeded', 'failed');
  /** Entries from a number on as a forger would chain them again. */
  const forged = (from: number): Map<number, string> => {
    const copy = new Map(texts);
    let before = headOf(from - 1, at(from - 1));
    for (let number = from; number <= 6; number++) {
      const text = entryAfter(before, { at: 'now', run: `${number}`, step: 'ended', outcome: 'failed', error: null });
      copy.set(number, text);
      before = headOf(number, text);
    }
    return copy;
  };
  const each = (problem: string, ...numbers: number[]) => numbers.map((number) => ({ number, problem }));

  it.each([
    ['nothing', texts, []],
    ['an entry deleted', changed([3, undefined]), each('deleted', 3)],
    ['the first one deleted', changed([1, undefined]), each('deleted', 1)],
    ['an entry edited', changed([3, edited(3)]), each('edited', 3)],
    ['the last one edited', changed([6, edited(6)]), each('edited', 6)],
    ['the first one edited', changed([1, edited(1)]), each('edited', 1)],
    ['two neighbours edited', changed([3, edited(3)], [4, edited(4)]), [...each('unproved', 3), ...each('edited', 4)]],
    ['an entry that is none', changed([4, 'nothing']), each('edited', 4)],
    ['two exchanged', changed([2, at(3)], [3, at(2)]), each('reordered', 2, 3)],
    ['the end cut', changed([6, undefined], [5, undefined]), each('cut', 5, 6)],
    ['all cut', new Map<number, string>(), each('cut', 1, 2, 3, 4, 5, 6)],
    ['the end chained again', forged(4), each('edited', 6)],
  ])('is named: %s', (_what, kept, problems) => {
    expect(problemsOf(kept, [head])).toEqual(problems);
  });

  it('is named if the head goes along with it, by a head that was noted down', () => {
    const noted = headOf(5, at(5));
    const kept = forged(4);
    const forgedHead = headOf(6, kept.get(6) ?? '');
    expect(problemsOf(kept, [forgedHead])).toEqual([]);
    expect(problemsOf(kept, [forgedHead, noted])).toEqual([{ number: 5, problem: 'head' }]);
    const short = changed([5, undefined], [6, undefined]);
    expect(problemsOf(short, [headOf(4, at(4)), noted])).toEqual([{ number: 5, problem: 'cut' }]);
  });

  it('of the kept head alone is named', () => {
    expect(problemsOf(texts, [{ number: 4, hash: '0'.repeat(64) }])).toEqual([{ number: 4, problem: 'head' }]);
  });

  it('in the bucket is found by audit verify, which then needs attention', async () => {
    for (const source of ['one', 'two', 'three']) await run(change, { source });
    const { head: noted } = await verify();
    expect(await verify({ head: noted })).toMatchObject({ problems: [] });
    const put = (number: number, text: string) =>
      s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: RECORD.keyOf(number), Body: text }));
    const store = recordStore(gateway());
    await put(3, ((await store.read(3)) ?? '').replace('two', 'too'));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: RECORD.keyOf(6) }));
    const report = await run(auditVerify);
    expect(report.ok).toBe(false);
    expect(report.data).toMatchObject({ problems: [...each('edited', 3), ...each('cut', 6)] });
    await expect(verify({ head: 'what' })).rejects.toThrow('--head takes');
  });
});

describe('an export', () => {
  it('is verified without any gateway', async () => {
    for (const source of ['one', 'two']) await run(change, { source });
    await run(auditExport, { out: '/made/up.json' });
    const written = JSON.parse(files.get('/made/up.json') ?? '') as { entries: { number: number; text: string }[] };
    expect(written.entries).toHaveLength(4);
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const directory = mkdtempSync('/tmp/hookgate-record-');
    try {
      const file = `${directory}/record.json`;
      const offline = async () =>
        (await runOperation(auditVerify, { file }, { stage: 'no-such-stage' }, context)).data as Record<
          string,
          unknown
        >;
      writeFileSync(file, JSON.stringify(written));
      expect(await offline()).toMatchObject({ entries: 4, problems: [], head: (await verify()).head });
      written.entries.splice(1, 1);
      writeFileSync(file, JSON.stringify(written));
      expect(await offline()).toMatchObject({ problems: [{ number: 2, problem: 'deleted' }] });
      writeFileSync(file, '{}');
      await expect(offline()).rejects.toThrow('is not what audit export writes');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('every operation', () => {
  const WRITES = /:(Put|Update|Delete|Send|Create|Invoke|Tag|Start)/;
  const changing = OPERATIONS.filter(({ effect }) => effect === 'changes');
  const showing = OPERATIONS.filter(({ input }) => 'showBodies' in input.shape);

  it('that may write says that it changes something', () => {
    const writing = OPERATIONS.filter(({ permissions }) => permissions.some((permission) => WRITES.test(permission)));
    // To ask a poller how its polls went is to invoke it.
    expect(writing.filter(({ effect }) => effect !== 'changes').map(({ name }) => name)).toEqual(['missed status']);
    expect(changing.length).toBeGreaterThan(8);
  });

  it.each([
    ...changing.map((op) => [op.name, op, {}] as const),
    ...showing.map((op) => [op.name, op, { showBodies: true }] as const),
  ])('%s is recorded first, by construction, and is told why', async (_name, op, more) => {
    const required = Object.entries(op.input.shape).filter(
      ([, schema]) => !(schema as z.ZodType).safeParse(undefined).success,
    );
    const input = { ...Object.fromEntries(required.map(([name]) => [name, 'osigu'])), ...more };
    const why = 'why' in op.input.shape ? 'why' : 'reason';
    let ran = 0;
    const spied: Operation = {
      ...op,
      run(ops) {
        ran++;
        return Promise.resolve({ text: [], data: { hasBodies: ops.bodyOf !== undefined } });
      },
    };
    refuses = true;
    await expect(run(spied, input)).rejects.toThrow('Nothing was done, because the record could not be written.');
    expect(ran).toBe(0);
    refuses = false;
    const { data: seen } = await run(spied, { ...input, [why]: 'for a test' });
    expect(seen).toEqual({ hasBodies: 'showBodies' in more });
    expect(await list()).toMatchObject([{ operation: op.name, reason: 'for a test', outcome: 'succeeded' }]);
  });

  it('that only reads is not recorded, and is given no body', async () => {
    for (const op of OPERATIONS.filter(({ effect }) => effect === 'reads')) {
      expect(isRecorded(op, {})).toBe(false);
      const spied: Operation = {
        ...op,
        input: z.object({}),
        run: (ops) => Promise.resolve({ text: [], data: ops.bodyOf }),
      };
      expect((await run(spied)).data).toBeUndefined();
    }
    expect(await list()).toEqual([]);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import type { FunctionConfig } from '../../../local/lambda/function-config.ts';
import { eventually, isAlive } from '../eventually.ts';
import { testFunction } from './test-function.ts';
import type { TestFunction } from './test-function.ts';

const started: TestFunction[] = [];
const start = (code: string, changes: Partial<FunctionConfig> = {}): TestFunction => {
  const created = testFunction(code, changes);
  started.push(created);
  return created;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.dispose()));
});

const PID = 'exports.handler = async () => process.pid;';

describe('an invocation', () => {
  it('hands the event and a context to the handler, and back its answer', async () => {
    const echo = start(`exports.handler = async (event, context) => ({
      event, name: context.functionName, id: context.awsRequestId, arn: context.invokedFunctionArn,
      memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis(),
    });`);
    const answer = (await echo.call({ n: [1, 'é', null] })) as Record<string, unknown>;
    expect(answer).toMatchObject({
      event: { n: [1, 'é', null] },
      name: 'TestFunction',
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:TestFunction',
      memory: '128',
    });
    expect(answer.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.left).toBeGreaterThan(4_000);
    expect(answer.left).toBeLessThanOrEqual(5_000);
  });

  it('answers null if the handler returns nothing', async () => {
    expect(await start('exports.handler = async () => undefined;').call({})).toBeNull();
  });

  it('keeps the process warm from one invocation to the next', async () => {
    const counter = start('let n = 0; exports.handler = async () => ++n;');
    expect([await counter.call({}), await counter.call({}), await counter.call({})]).toEqual([1, 2, 3]);
  });

  it('that follows at once finds the process warm too', async () => {
    const pid = start(PID);
    const pids = new Set<unknown>();
    for (let n = 0; n < 200; n++) pids.add(await pid.call({}));
    expect(pids.size).toBe(1);
  });

  it('reports an error that the handler throws, and keeps the process', async () => {
    const moody = start(`let n = 0;
      exports.handler = async () => { if (n++ === 0) throw new TypeError('not today'); return n; };`);
    expect(await moody.invoke('{}')).toMatchObject({
      ok: false,
      error: { errorType: 'TypeError', errorMessage: 'not today' },
    });
    expect(await moody.call({})).toBe(2);
  });

  it('refuses a request and an answer of more than 6 MB', async () => {
    const big = start(`exports.handler = async ({ size }) => 'x'.repeat(size);`);
    const tooLarge = JSON.stringify('x'.repeat(6 * 1024 * 1024));
    expect(await big.invoke(tooLarge)).toMatchObject({
      error: { errorType: 'RequestEntityTooLargeException' },
    });
    const answer = await big.invoke(JSON.stringify({ size: 6 * 1024 * 1024 + 99 }));
    expect(answer).toMatchObject({ error: { errorType: 'Function.ResponseSizeTooLarge' } });
    expect(await big.call({ size: 6 * 1024 * 1024 })).toHaveLength(6 * 1024 * 1024);
  });
});

describe('an execution environment', () => {
  it('has the variables of the template and of Lambda, and none of this process', async () => {
    process.env.HOOKGATE_TEST_LEAK = 'leaked';
    const show = start('exports.handler = async () => process.env;', {
      environment: { MINE: 'yes' },
    });
    const variables = (await show.call({})) as Record<string, string>;
    delete process.env.HOOKGATE_TEST_LEAK;
    expect(variables).toMatchObject({
      MINE: 'yes',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'TestFunction',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_ACCESS_KEY_ID: 'lambda.TestFunction',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
    expect(variables).not.toHaveProperty('HOOKGATE_TEST_LEAK');
    expect(variables).not.toHaveProperty('_X_AMZN_TRACE_ID');
    expect(variables.HOME).not.toBe(process.env.HOME);
  });

  it('runs one invocation at a time: as many processes as invocations, up to the limit', async () => {
    const slow = start('exports.handler = () => new Promise((r) => setTimeout(r, 1_000, process.pid));', {
      maxEnvironments: 2,
    });
    const pids = await Promise.all([1, 2, 3, 4, 5].map(() => slow.call({})));
    expect(new Set(pids).size).toBe(2);
  });

  it('serves a burst of short invocations alone, if others would start too late to help', async () => {
    const short = start(`console.log('starts'); const end = Date.now() + 1_000; while (Date.now() < end); ${PID}`);
    await short.call({});
    await Promise.all(Array.from({ length: 20 }, () => short.call({})));
    // One that was started in vain would have said so by now.
    await setTimeout(700);
    expect(short.lines).toEqual(['starts']);
  });

  it('is killed at the time-out, and the next invocation gets a new one', async () => {
    const hang = start(
      `exports.handler = ({ hang }) => hang ? new Promise(() => setInterval(() => 0, 1000)) : process.pid;`,
      { timeoutMs: 400 },
    );
    const before = (await hang.call({})) as number;
    const result = await hang.invoke('{"hang":true}');
    expect(result).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
    expect(JSON.stringify(result)).toContain('Task timed out after 0.40 seconds');
    expect(isAlive(before)).toBe(false);
    expect(await hang.call({})).not.toBe(before);
  });

  it('is killed at the time-out also if it blocks', async () => {
    const spin = start('exports.handler = async () => { for (;;); };', { timeoutMs: 300 });
    expect(await spin.invoke('{}')).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  });

  it('that exits fails its invocation alone, and is replaced', async () => {
    const crash = start(`exports.handler = async ({ exit }) => { if (exit) process.exit(7); return process.pid; };`);
    const before = await crash.call({});
    const result = await crash.invoke('{"exit":true}');
    expect(result).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
    expect(JSON.stringify(result)).toContain('exit status 7');
    expect(await crash.call({})).not.toBe(before);
  });

  it('with a rejection that nobody handles fails its invocation, and none that waits', async () => {
    const reject = start(
      `exports.handler = async ({ bad }) => {
        if (bad) { void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 2000)); }
        return 'fine';
      };`,
      { maxEnvironments: 1 },
    );
    const results = await Promise.all([reject.invoke('{"bad":true}'), reject.invoke('{}'), reject.invoke('{}')]);
    expect(results[0]).toMatchObject({
      error: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'lost' },
    });
    expect(results.slice(1)).toEqual([
      { ok: true, payload: '"fine"' },
      { ok: true, payload: '"fine"' },
    ]);
  });

  it('that cannot be initialized fails the invocation with the reason, and is tried again', async () => {
    const broken = start(`throw new RangeError('no such table');`);
    for (let tries = 0; tries < 2; tries++) {
      expect(await broken.invoke('{}')).toMatchObject({
        error: { errorType: 'RangeError', errorMessage: 'no such table' },
      });
    }
    expect(broken.lines.join()).toContain('no such table');
    expect(await start('exports.other = 1;').invoke('{}')).toMatchObject({
      error: { errorType: 'Runtime.HandlerNotFound' },
    });
    expect(await start(PID, { handler: 'missing.handler' }).invoke('{}')).toMatchObject({
      error: { errorType: 'Runtime.ImportModuleError' },
    });
    expect(await start('process.exit(3);').invoke('{}')).toMatchObject({
      error: { errorType: 'Runtime.ExitError' },
    });
  });

  it('has no more heap than its memory setting', async () => {
    const size = start(`exports.handler = async () => require('node:v8').getHeapStatistics().heap_size_limit;`);
    expect(await size.call({})).toBeLessThan(192 * 1024 * 1024);
  });

  it('logs what it writes', async () => {
    const loud = start(`exports.handler = async () => { console.log('out'); console.error('err'); };`);
    await loud.call({});
    expect(await eventually(() => loud.lines.length === 2 && [...loud.lines].sort())).toEqual(['err', 'out']);
  });

  it('starts a process when it is first needed, and no second one for the next invocation', async () => {
    const counter = start(PID);
    const pid = await counter.call({});
    expect(await counter.call({})).toBe(pid);
  });
});

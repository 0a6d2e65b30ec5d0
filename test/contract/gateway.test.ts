import { afterAll, beforeAll, jest } from '@jest/globals';
import { Gateway } from './gateway.ts';
import { describeBus } from './parts/bus.ts';
import { describeOperations } from './parts/operations.ts';
import { describeEnd, describeStart, describeViews } from './parts/views.ts';
import { run } from './running.ts';
import type { Running } from './running.ts';

/*
 * The parts of a running gateway that others build on. It is looked at from outside alone: npm scripts, HTTP, files; nothing
 * of this repository's code is imported. A change here is a change of a public interface, and takes a line in CHANGELOG.md.
 * Every stated field must be there; more may come beside it. One gateway serves all parts, one after the other.
 */

// Each command is a process of its own: a bound for a hang on a machine that is busy.
jest.setTimeout(180_000);

let current: Running | undefined;
let second: Gateway | undefined;
const running = (): Running => {
  if (!current) throw new Error('the gateway did not start');
  return current;
};

beforeAll(async () => {
  current = await run();
});

afterAll(async () => {
  await current?.gateway.stop();
  await second?.stop();
  current?.sandbox.remove();
});

describeBus(running);
describeStart(running);
describeViews(running);
describeOperations(running);
describeEnd(running, async () => (second = await Gateway.start(running().sandbox, running().env)));

/**
 * `npm run outages`: what an outage behind the gateway does to a source's events, in virtual time, by the product's own code and
 * by what SQS alone does: five tries, 180 seconds apart. A seed as `SEED`, the start of an outage's name as an argument. Exits with
 * 1 if an outage breaks what is promised.
 */
import { numberFrom } from '../soak/random.ts';
import { OUTAGES } from './outages.ts';
import { HEAD, missesOf, row } from './report.ts';
import { fiveTries, product } from './ways.ts';
import { live } from './world.ts';

const seed = numberFrom('SEED', 1);
const [only = ''] = process.argv.slice(2);
console.log(`seed ${seed}\n${HEAD}`);
for (const outage of OUTAGES.filter(({ name }) => name.startsWith(only))) {
  const outcome = await live(outage, product(outage), seed);
  console.log(row(outage.name, 'Hookgate', outcome));
  for (const miss of missesOf(outcome)) {
    console.error(`${outage.name}: ${miss}`);
    process.exitCode = 1;
  }
  console.log(row('', 'five tries', await live(outage, () => fiveTries(), seed)));
}

import { describeExplored } from './explored.ts';

await describeExplored('without faults', '--calm');

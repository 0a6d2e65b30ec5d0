import { describeExplored } from './explored.ts';

await describeExplored('within the small bounds');

import { describeExplored } from './explored.ts';

await describeExplored('without faults, or with them if that has but one', '--calm');

/** The CDK app of the team: npx cdk deploy --app "node examples/organisation/team-app.ts". */
import { App } from 'aws-cdk-lib';
import { TeamStack } from './team-stack.ts';

new TeamStack(new App(), 'billing-events');

import { defineConfig } from '../../lib/config/settings.ts';
import { GATEWAY, TEAM_BUS_ARN, TEAM_QUEUE_ARN } from './accounts.ts';

/**
 * The gateway's account: it has the secrets, the evidence and the ledger, and hands the events of Stripe over to a team's account.
 * Deploy it with HOOKGATE_CONFIG=examples/organisation/hookgate.config.ts npm run deploy.
 */
export default defineConfig({
  ...GATEWAY,
  // The topics get their subscribers by other means, such as an on-call service of the organisation.
  alarms: { elsewhere: true },
  sources: {
    stripe: {
      provider: 'stripe',
      targets: [
        { name: 'billing-queue', kind: 'sqs', arn: TEAM_QUEUE_ARN, types: ['invoice.*', 'charge.*'] },
        { name: 'billing-bus', kind: 'bus', arn: TEAM_BUS_ARN },
      ],
    },
  },
});

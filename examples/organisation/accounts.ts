/** The accounts of the example: the gateway is in one, and a team has its resources in another. */
export const GATEWAY_ACCOUNT = '111111111111';
export const TEAM_ACCOUNT = '222222222222';
export const REGION = 'eu-west-1';

/** The name and the stage of the gateway, which are in the path of its roles. */
export const GATEWAY = { name: 'hookgate', stage: 'production' } as const;

/** The names of the team's resources, which its ARNs are made of: each account can be deployed first. */
export const TEAM = { queue: 'billing-events.fifo', bus: 'billing' } as const;

const inTeam = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${TEAM_ACCOUNT}:${resource}`;

export const TEAM_QUEUE_ARN = inTeam('sqs', TEAM.queue);
export const TEAM_BUS_ARN = inTeam('events', `event-bus/${TEAM.bus}`);

import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import type { OperatedGateway } from './gateway.ts';

/** Whether API Gateway can write the access log, on which alarms count: the role to write it with is the account's, not a stack's. */
export const AccessLog = z
  .enum(['written', 'no role', 'unknown'])
  .describe(
    '"no role": API Gateway has no role of the account to write it with; "unknown": not on AWS, or it may not be read',
  );

/** Asks API Gateway for the account's role (GetAccount). A caller who may not ask gets "unknown", because the rest of a status holds. */
export async function accessLogOf(gateway: OperatedGateway): Promise<z.infer<typeof AccessLog>> {
  if (gateway.isLocal) return 'unknown';
  const account = await gateway
    .client(APIGatewayClient)
    .send(new GetAccountCommand({}))
    .catch(() => undefined);
  if (account === undefined) return 'unknown';
  return account.cloudwatchRoleArn === undefined ? 'no role' : 'written';
}

/** The line that tells an operator if the access log is not written, or if nobody could see whether it is. */
export function accessLogLines(accessLog: z.infer<typeof AccessLog>, { isLocal }: OperatedGateway): string[] {
  if (accessLog === 'no role')
    return [
      'API Gateway has no role in this account to write the access log: alarms on refused requests see nothing. ' +
        "Deploy with apiGatewayAccountRole: 'create', or give the account a role (runbook, Tools).",
    ];
  return accessLog === 'unknown' && !isLocal
    ? ['Whether API Gateway can write the access log is not known: your role needs apigateway:GET on /account.']
    : [];
}

import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * The role with which a schedule of this account invokes a function; the schedule's target grants it that. CDK would make one at the
 * root of the stack, which may be a customer's.
 */
export const scheduleRole = (scope: Construct): Role =>
  new Role(scope, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });

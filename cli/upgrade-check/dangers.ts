import type { Loss } from './changes.ts';

/*
 * The types of resources by what their replacement or removal does to those outside of the stack. A type that is named nowhere here is
 * taken for one that somebody knows by its name or address.
 */

/**
 * Types that hold nothing, and that nobody outside of the stack knows: CloudFormation makes the new one before it deletes the old
 * one, and whatever refers to it is in the same stack.
 */
const UNKNOWN_OUTSIDE: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentConfig',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Types with a URL or ARN that providers, subscribers or other accounts have written down: without them nothing comes or is heard. */
const ADDRESSES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::Events::EventBus',
  'AWS::SNS::Topic',
]);

/**
 * Whether a loss must stop a deployment: data would be gone or out of reach, or somebody outside of the stack knows the resource by
 * its name or address. A resource of another kind is removed because the configuration has no use for it any more.
 */
export function isDangerous({ impact, holdsData, type }: Loss): boolean {
  if (holdsData) return true;
  return impact === 'removed' ? ADDRESSES.has(type) : !UNKNOWN_OUTSIDE.has(type);
}

import { expect } from '@jest/globals';
import { ACCOUNT, REGION } from './moto.ts';

interface Resource {
  readonly type: string;
  readonly physicalId: string;
}

type Resources = ReadonlyMap<string, Resource>;

const arn = (service: string, resource: string, region = REGION): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
const lastOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The attributes that follow from the physical id. */
const ATTRIBUTES: Readonly<Record<string, (id: string) => Readonly<Record<string, unknown>>>> = {
  'AWS::DynamoDB::Table': (id) => ({ Arn: arn('dynamodb', `table/${id}`) }),
  'AWS::Events::EventBus': (id) => ({ Arn: arn('events', `event-bus/${id}`) }),
  // A role may have a path.
  'AWS::IAM::Role': (id) => ({ Arn: expect.stringMatching(new RegExp(`^${arn('iam', `role/(.+/)?${id}`, '')}$`)) }),
  'AWS::KMS::Key': (id) => ({ Arn: arn('kms', `key/${id}`) }),
  'AWS::Lambda::Function': (id) => ({ Arn: arn('lambda', `function:${id}`) }),
  // AWS puts `:*` at its end, for its streams; moto does not.
  'AWS::Logs::LogGroup': (id) => ({ Arn: arn('logs', `log-group:${id}`) }),
  'AWS::S3::Bucket': (id) => ({ Arn: `arn:aws:s3:::${id}` }),
  'AWS::SQS::Queue': (url) => ({ Arn: arn('sqs', lastOf(url)), QueueName: lastOf(url) }),
};

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The value in the deployed stack of a template's value. If that cannot be said, it matches anything. */
export function resolve(value: unknown, resources: Resources): unknown {
  if (Array.isArray(value)) return value.map((element) => resolve(element, resources));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Ref') return reference(String(argument), resources);
  if (others.length === 0 && name === 'Fn::GetAtt') return attribute(argument as [string, string], resources);
  if (others.length === 0 && name === 'Fn::Join') return join(argument as [string, unknown[]], resources);
  if (others.length === 0 && name.startsWith('Fn::')) return expect.anything();
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, resolve(element, resources)]));
}

const reference = (name: string, resources: Resources): unknown =>
  PSEUDO[name] ?? resources.get(name)?.physicalId ?? expect.anything();

function attribute([logicalId, name]: readonly [string, string], resources: Resources): unknown {
  const { type = '', physicalId = '' } = resources.get(logicalId) ?? {};
  return ATTRIBUTES[type]?.(physicalId)[name] ?? expect.anything();
}

function join([separator, parts]: readonly [string, unknown[]], resources: Resources): unknown {
  const resolved = parts.map((part) => resolve(part, resources));
  return resolved.every((part) => typeof part === 'string') ? resolved.join(separator) : expect.anything();
}

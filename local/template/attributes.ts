import { secretArn } from '../services/secret-store.ts';
import { TemplateError } from './template.ts';

/** Where the stack would be in AWS, and where its services are on this machine. */
export interface Scope {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly awsEndpoint: string;
}

/** The values of `Ref` and `Fn::GetAtt` for a resource. */
export interface Attributes {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** How a resource of one type is named: the property that holds its name, and its values by that name. */
interface ResourceType {
  readonly nameProperty?: string;
  readonly of: (name: string, scope: Scope) => Attributes;
}

const arn = (service: string, resource: string, { region, accountId }: Scope): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

/** A resource that is known by its name, and that has an ARN. */
const named = (nameProperty: string, service: string, prefix = ''): ResourceType => ({
  nameProperty,
  of: (name, scope) => ({ ref: name, attributes: { Arn: arn(service, prefix + name, scope) } }),
});

/** A resource of API Gateway: its id is its logical id. */
const byId: ResourceType = { of: (id) => ({ ref: id, attributes: {} }) };

/** The URL is one of the local AWS endpoint, so that no call for a queue can leave this machine. */
const queue: ResourceType = {
  nameProperty: 'QueueName',
  of: (name, scope) => {
    const url = `${scope.awsEndpoint}/${scope.accountId}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name, scope), QueueName: name, QueueUrl: url } };
  },
};

const TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGateway::Deployment': byId,
  'AWS::ApiGateway::Resource': byId,
  'AWS::ApiGateway::RestApi': {
    of: (id) => ({ ref: id, attributes: { RootResourceId: `${id}Root`, RestApiId: id } }),
  },
  'AWS::ApiGateway::Stage': { nameProperty: 'StageName', of: (name) => ({ ref: name, attributes: {} }) },
  'AWS::DynamoDB::Table': named('TableName', 'dynamodb', 'table/'),
  'AWS::DynamoDB::GlobalTable': named('TableName', 'dynamodb', 'table/'),
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    of: (name, scope) => ({
      ref: name,
      attributes: { Arn: arn('events', `event-bus/${name}`, scope), Name: name },
    }),
  },
  'AWS::IAM::Role': named('RoleName', 'iam', 'role/'),
  'AWS::KMS::Key': {
    of: (id, scope) => ({ ref: id, attributes: { Arn: arn('kms', `key/${id}`, scope), KeyId: id } }),
  },
  'AWS::Lambda::Function': named('FunctionName', 'lambda', 'function:'),
  'AWS::Logs::LogGroup': named('LogGroupName', 'logs', 'log-group:'),
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    of: (name) => ({ ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } }),
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    of: (name, scope) => ({ ref: secretArn(name, scope), attributes: { Id: secretArn(name, scope) } }),
  },
  'AWS::SQS::Queue': queue,
};

/** The name that CloudFormation makes up for a resource of this type; here, if the type allows it, its logical id. */
export const madeUpName = (type: string, logicalId: string, { stackName }: Scope): string =>
  type === 'AWS::S3::Bucket' ? `${stackName}-${logicalId}`.toLowerCase() : logicalId;

/** The name of the property that may name a resource of this type. */
export const nameProperty = (type: string): string | undefined => TYPES[type]?.nameProperty;

/** Returns the values of `Ref` and `Fn::GetAtt` for the resource of this type and physical name. */
export function attributesOf(type: string, name: string, scope: Scope): Attributes {
  const resourceType = TYPES[type];
  if (!resourceType) throw new TemplateError(`the local gateway does not know what a reference to a ${type} gives`);
  return resourceType.of(name, scope);
}

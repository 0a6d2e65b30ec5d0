import { describe, expect, it } from '@jest/globals';
import { resolver } from '../../../local/template/resolver.ts';
import { Template } from '../../../local/template/template.ts';

const scope = {
  stackName: 'hookgate-dev',
  region: 'us-east-1',
  accountId: '000000000000',
  awsEndpoint: 'http://127.0.0.1:9',
};
const template = Template.parse({
  Parameters: { Bootstrap: { Type: 'String', Default: '/cdk/version' }, Open: { Type: 'String' } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    NamedQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'q']] } },
    },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'hookgate/dev/osigu' } },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
    Verifier: { Type: 'AWS::Lambda::Function' },
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    Cluster: { Type: 'AWS::ECS::Cluster' },
  },
});
const { resolve, physicalName } = resolver(template, scope);

describe('the resolver', () => {
  it.each([
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'Bootstrap' }, '/cdk/version'],
    [{ Ref: 'Queue' }, 'http://127.0.0.1:9/000000000000/Queue'],
    [{ Ref: 'NamedQueue' }, 'http://127.0.0.1:9/000000000000/hookgate-dev-q'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:Queue'],
    [{ 'Fn::GetAtt': 'NamedQueue.QueueName' }, 'hookgate-dev-q'],
    [{ Ref: 'Table' }, 'Table'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/Table'],
    [{ Ref: 'Bus' }, 'bus'],
    [{ 'Fn::GetAtt': ['Verifier', 'Arn'] }, 'arn:aws:lambda:us-east-1:000000000000:function:Verifier'],
    [{ 'Fn::GetAtt': ['Api', 'RootResourceId'] }, 'ApiRoot'],
    [
      { 'Fn::Sub': 'cdk-${AWS::AccountId}-${Table}-${Queue.Arn}' },
      'cdk-000000000000-Table-arn:aws:sqs:us-east-1:000000000000:Queue',
    ],
    [{ 'Fn::Sub': ['${a}/${!b}', { a: { Ref: 'Table' } }] }, 'Table/${b}'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'AWS::URLSuffix' }]] },
      'arn:aws:amazonaws.com',
    ],
    [{ deep: [{ Ref: 'Table' }, 1, true, null] }, { deep: ['Table', 1, true, null] }],
    [
      { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [1, { Ref: 'AWS::NoValue' }] },
      { kept: 1, list: [1] },
    ],
  ])('resolves %j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it("gives a secret's ARN with six characters at its end, always the same", () => {
    const arn = resolve({ Ref: 'Secret' });
    expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:hookgate\/dev\/osigu-[0-9a-f]{6}$/);
    expect(resolver(template, scope).resolve({ Ref: 'Secret' })).toBe(arn);
  });

  it.each([
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue'],
    [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'Table.StreamArn'],
    [{ Ref: 'Cluster' }, 'AWS::ECS::Cluster'],
    [{ Ref: 'Nothing' }, 'Nothing'],
    [{ Ref: 'constructor' }, 'constructor'],
    [{ Ref: 'Open' }, 'Open'],
    [{ 'Fn::Join': ['-', 'no list'] }, 'Fn::Join'],
    [{ 'Fn::Join': ['-'] }, 'Fn::Join'],
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select'],
    [{ 'Fn::Sub': '${Nobody}' }, 'Nobody'],
  ])('refuses %j by name', (value, name) => {
    expect(() => resolve(value)).toThrow(name);
  });

  it('names a resource by its property, else by its logical id', () => {
    expect([physicalName('NamedQueue'), physicalName('Queue')]).toEqual(['hookgate-dev-q', 'Queue']);
  });
});

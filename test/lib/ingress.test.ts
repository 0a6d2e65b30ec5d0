import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { config, sourceNames } from '../settings.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';
import type { Statement } from './synth.ts';

const template = synthesize();

const only = (from: Template, type: string) => {
  const [found, ...others] = Object.entries(resourcesOf(from, type));
  if (!found || others.length > 0) throw new Error(`the template has not one ${type}`);
  return { logicalId: found[0], properties: found[1].Properties };
};

describe('the API', () => {
  it('hands every body on as raw bytes', () => {
    expect(resource(template, 'Api').Properties).toMatchObject({
      BinaryMediaTypes: ['*/*'],
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  it('speaks TLS 1.2 or later', () => {
    expect(resource(template, 'Api').Properties.SecurityPolicy).toMatch(/^SecurityPolicy_TLS13_1_2_/);
  });

  it('has a route for each source and no other, by the methods of its provider', () => {
    const methods = Object.values(resourcesOf(template, 'AWS::ApiGateway::Method')).map(({ Properties }) => Properties);
    const verifiers = methods.map(
      ({ Integration }) => /:function:hookgate-dev--([a-z-]+)--verifier/.exec(JSON.stringify(Integration))?.[1],
    );
    const routes = methods.map(({ HttpMethod }, index) => `${String(HttpMethod)} ${String(verifiers[index])}`);
    expect(routes.sort()).toStrictEqual(
      config.sources.flatMap(({ name, provider }) => provider.methods.map((method) => `${method} ${name}`)).sort(),
    );
    for (const properties of methods) {
      expect(properties).toMatchObject({
        AuthorizationType: 'NONE',
        Integration: { Type: 'AWS_PROXY' },
      });
    }
    const paths = Object.values(resourcesOf(template, 'AWS::ApiGateway::Resource')).map(
      ({ Properties }) => Properties.PathPart,
    );
    expect(paths.sort()).toStrictEqual([...sourceNames, 'webhooks'].sort());
  });

  it('is throttled', () => {
    const { properties } = only(synthesize({ throttle: { requestsPerSecond: 7, burst: 9 } }), 'AWS::ApiGateway::Stage');
    expect(properties.MethodSettings).toMatchObject([
      { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9, DataTraceEnabled: false },
    ]);
  });

  it('logs each access, without a header, a query string, a body or the path as it was sent', () => {
    const { properties } = only(template, 'AWS::ApiGateway::Stage');
    const { DestinationArn, Format } = properties.AccessLogSetting as { DestinationArn: unknown; Format: string };
    expect(JSON.stringify(DestinationArn)).toContain('ApiAccessLogs');
    expect(Object.keys(JSON.parse(Format) as object)).toEqual(expect.arrayContaining(['requestId', 'status', 'route']));
    expect(Format).not.toMatch(
      /header|query|body|userAgent|context\.path|authorizer|integration\.error|integrationErrorMessage|error\.message/i,
    );
    expect(JSON.stringify(properties.MethodSettings)).not.toMatch(/"DataTraceEnabled":true|"LoggingLevel":"INFO"/);
  });
});

describe("API Gateway's role for logs", () => {
  it('is the account’s: made by default, and left as it is where the configuration says so', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::ApiGateway::Account'))).toHaveLength(1);
    const existing = synthesize({ apiGatewayAccountRole: 'existing' });
    expect(resourcesOf(existing, 'AWS::ApiGateway::Account')).toStrictEqual({});
    expect(Object.keys(resourcesOf(existing, 'AWS::IAM::Role'))).not.toContainEqual(
      expect.stringMatching(/CloudWatch/),
    );
  });
});

describe("API Gateway's own answers", () => {
  it.each([
    ['MISSING_AUTHENTICATION_TOKEN', '404', 'unknown_source'],
    ['ACCESS_DENIED', '403', 'address_not_allowed'],
    ['WAF_FILTERED', '403', 'blocked'],
    ['REQUEST_TOO_LARGE', '413', 'body_too_large'],
    ['THROTTLED', '429', 'throttled'],
    ['DEFAULT_4XX', undefined, 'malformed_request'],
    ['DEFAULT_5XX', undefined, 'unavailable'],
  ])('%s is %s %s', (type, status, error) => {
    const answers = Object.values(resourcesOf(template, 'AWS::ApiGateway::GatewayResponse'));
    const answer = answers.find(({ Properties }) => Properties.ResponseType === type)?.Properties;
    expect(answer?.StatusCode).toBe(status);
    expect(answer?.ResponseTemplates).toStrictEqual({ 'application/json': JSON.stringify({ error }) });
  });
});

describe("a source's allow list", () => {
  const allowList = ['203.0.113.0/24', '2001:db8::/32'];
  const guarded = synthesize({
    sources: { honeybee: { provider: 'honeybee', allowList }, nabla: { provider: 'nabla' } },
  });
  const statements = (resource(guarded, 'Api').Properties.Policy as { Statement: Statement[] }).Statement;

  it('is enforced by the API, for that source alone', () => {
    expect(statements).toStrictEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'execute-api:Invoke',
        Resource: 'execute-api:/*/*/webhooks/honeybee',
        Condition: { IpAddress: { 'aws:SourceIp': allowList } },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'execute-api:Invoke',
        Resource: 'execute-api:/*/*/webhooks/nabla',
      },
    ]);
  });

  it('is deployed when it changes', () => {
    const changed = synthesize({
      sources: { honeybee: { provider: 'honeybee', allowList: ['198.51.100.7'] }, nabla: { provider: 'nabla' } },
    });
    const deployment = 'AWS::ApiGateway::Deployment';
    expect(only(changed, deployment).logicalId).not.toBe(only(guarded, deployment).logicalId);
  });

  it('leaves the API open where no source has one', () => {
    expect(Object.keys(resource(template, 'Api').Properties)).not.toContain('Policy');
  });
});

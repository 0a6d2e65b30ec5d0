import { beforeAll, describe, expect, it } from '@jest/globals';
import { isAllowed } from '../../../local/api/resource-policy.ts';
import type { FunctionConfig } from '../../../local/lambda/function-config.ts';
import { readFunctions } from '../../../local/template/functions.ts';
import { readMappings } from '../../../local/template/mappings.ts';
import { resolver } from '../../../local/template/resolver.ts';
import { readRestApi } from '../../../local/template/rest-api.ts';
import { Template } from '../../../local/template/template.ts';
import { synthesize } from '../../lib/synth.ts';

const scope = { stackName: 'hookgate-dev', region: 'us-east-1', accountId: '000000000000', awsEndpoint: 'http://x' };
let template: Template;

/** A copy of the template, changed. */
const changed = (change: (resources: Template['Resources']) => void): Template => {
  const copy = structuredClone(template);
  change(copy.Resources);
  return copy;
};
const functionsOf = (from: Template): FunctionConfig[] =>
  readFunctions({ name: 'x', template: from, assetDirectory: () => '/code' }, resolver(from, scope), scope);
const apiOf = (from: Template) => readRestApi(from, resolver(from, scope).resolve, scope, functionsOf(from));

beforeAll(() => {
  const sources = {
    osigu: { provider: 'osigu', environment: 'production' },
    honeybee: { provider: 'honeybee', allowList: ['203.0.113.0/24'] },
  };
  template = Template.parse(synthesize({ sources }).toJSON());
});

describe("the stack's API", () => {
  it('leads each route to its verifier, which permits it', () => {
    expect(apiOf(template).routes.map(({ resource, target, permitted }) => [resource, target.name, permitted])).toEqual(
      [
        ['/webhooks/osigu', 'OsiguVerifier', true],
        ['/webhooks/honeybee', 'HoneybeeVerifier', true],
      ],
    );
  });

  it('hands on raw bytes', () => {
    expect(apiOf(template).binaryMediaTypes).toEqual(['*/*']);
  });

  it('shows when a permission is for another route', () => {
    const without = changed((resources) => {
      for (const [id, { Type, Properties }] of Object.entries(resources)) {
        if (Type === 'AWS::Lambda::Permission' && id.includes('osigu')) {
          Properties.SourceArn = 'arn:aws:execute-api:us-east-1:000000000000:Api/dev/*/webhooks/other';
        }
      }
    });
    const permitted = apiOf(without).routes.map((route) => [route.target.name, route.permitted]);
    expect(permitted).toEqual([
      ['OsiguVerifier', false],
      ['HoneybeeVerifier', true],
    ]);
  });

  it('lets only the listed addresses in, and only if there is a list', () => {
    const { policy } = apiOf(template);
    const allowed = (source: string, sourceIp: string): boolean =>
      isAllowed(policy, { sourceIp, methodPath: `dev/POST/webhooks/${source}` });
    expect(allowed('honeybee', '203.0.113.5')).toBe(true);
    expect(allowed('honeybee', '198.51.100.1')).toBe(false);
    expect(allowed('osigu', '198.51.100.1')).toBe(true);
  });

  it('is refused if it is integrated with something else than a function', () => {
    const mock = changed((resources) => {
      const method = Object.values(resources).find(({ Type }) => Type === 'AWS::ApiGateway::Method');
      if (method) method.Properties.Integration = { Type: 'MOCK' };
    });
    expect(() => apiOf(mock)).toThrow('Lambda proxy integration');
  });
});

describe("the stack's functions", () => {
  it('have the environment, memory and time-out of the template', () => {
    const verifier = functionsOf(template).find(({ name }) => name === 'OsiguVerifier');
    expect(verifier).toMatchObject({
      name: 'OsiguVerifier',
      handler: 'index.handler',
      logFormat: 'JSON',
      environment: {
        HOOKGATE_SOURCE: 'osigu',
        HOOKGATE_QUEUE_URL: 'http://x/000000000000/OsiguQueue',
        HOOKGATE_LEDGER_TABLE: 'Ledger',
      },
    });
    expect(verifier?.environment.HOOKGATE_SECRET_ARN).toContain(':secret:hookgate/dev/osigu-');
    expect(verifier?.timeoutMs).toBe(9000);
    expect(verifier?.memoryMb).toBe(1024);
  });

  it('are not run if they are not of Node', () => {
    const python = changed((resources) => {
      const verifier = resources.OsiguVerifier;
      if (verifier) verifier.Properties.Runtime = 'python3.13';
    });
    expect(() => functionsOf(python)).toThrow('OsiguVerifier');
  });
});

describe("the stack's event source mappings", () => {
  it('lead each queue to its processor, with partial failures', () => {
    const mappings = readMappings(template, resolver(template, scope), scope, functionsOf(template));
    expect(mappings.map(({ config, target }) => [config.queueUrl, target.name, config.reportsFailures])).toEqual([
      ['http://x/000000000000/HoneybeeQueue', 'HoneybeeProcessor', true],
      ['http://x/000000000000/OsiguQueue', 'OsiguProcessor', true],
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { findRoute } from '../../../local/api/rest-api.ts';
import { testRoute } from './test-api.ts';

const routes = [
  testRoute({ resource: '/webhooks/{source}', httpMethod: 'POST' }),
  testRoute({ resource: '/webhooks/osigu', httpMethod: 'ANY' }),
  testRoute({ resource: '/webhooks/osigu', httpMethod: 'POST' }),
  testRoute({ resource: '/files/{path+}', httpMethod: 'GET' }),
];
const found = (method: string, path: string) => {
  const match = findRoute(routes, method, path);
  return match && [match.route.httpMethod, match.route.resource, match.pathParameters];
};

describe('a route', () => {
  it.each([
    ['POST', '/webhooks/osigu', ['POST', '/webhooks/osigu', {}]],
    ['GET', '/webhooks/osigu', ['ANY', '/webhooks/osigu', {}]],
    ['GET', '/webhooks/osigu/', ['ANY', '/webhooks/osigu', {}]],
    ['POST', '/webhooks/other', ['POST', '/webhooks/{source}', { source: 'other' }]],
    ['GET', '/files/a/b', ['GET', '/files/{path+}', { path: 'a/b' }]],
  ])('%s %s is found', (method, path, expected) => {
    expect(found(method, path)).toEqual(expected);
  });

  it.each([
    ['GET', '/webhooks/other'],
    ['POST', '/webhooks'],
    ['POST', '/webhooks/osigu/more'],
    ['POST', '//webhooks/osigu'],
    ['POST', '/Webhooks/osigu'],
    ['POST', '/'],
  ])('%s %s is not', (method, path) => {
    expect(found(method, path)).toBeUndefined();
  });
});

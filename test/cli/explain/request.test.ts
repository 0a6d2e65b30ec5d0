import { describe, expect, it } from '@jest/globals';
import { deliveryOf, readRequest } from '../../../cli/explain/request.ts';

const OWN = 'https://hooks.example.com/webhooks/osigu';
const of = (text: string | Buffer) => deliveryOf(readRequest(Buffer.from(text)), OWN);
const expected = {
  method: 'POST',
  url: 'https://hooks.example.com/webhooks/osigu?a=b',
  body: Buffer.from('{"a":"é"}'),
};

describe('a saved request', () => {
  it('can be raw HTTP, its body as long as it says', () => {
    const head =
      'POST /webhooks/osigu?a=b HTTP/1.1\r\nHost: hooks.example.com\r\nX-Sig: abc\r\nContent-Length: 10\r\n\r\n';
    const delivery = of(`${head}{"a":"é"}\n`);
    expect(delivery).toMatchObject(expected);
    expect(delivery.headers.get('x-sig')).toEqual(['abc']);
  });

  it('can be the output of curl -v, with its body beside it', () => {
    const text =
      '* Connected\n> POST /webhooks/osigu?a=b HTTP/2\n> Host: hooks.example.com\n> x-sig: abc\n> \n* done\n< HTTP/2 401\n';
    const delivery = deliveryOf({ ...readRequest(Buffer.from(text)), body: expected.body }, OWN);
    expect(delivery).toMatchObject(expected);
    expect([...delivery.headers.keys()]).toEqual(['host', 'x-sig']);
  });

  it('can be a HAR file', () => {
    const headers = [
      { name: ':method', value: 'POST' },
      { name: 'X-Sig', value: 'abc' },
      { name: 'X-Sig', value: 'def' },
    ];
    const request = {
      method: 'POST',
      url: expected.url,
      headers,
      postData: { text: '{"a":"é"}', mimeType: 'application/json' },
    };
    const delivery = of(
      JSON.stringify({ log: { entries: [{ request: { ...request, postData: undefined } }, { request }] } }),
    );
    expect(delivery).toMatchObject(expected);
    expect(delivery.headers.get('x-sig')).toEqual(['abc', 'def']);
  });

  it('can be an event of a REST API or of an HTTP API', () => {
    const body = { body: expected.body.toString('base64'), isBase64Encoded: true };
    const rest = {
      ...{
        httpMethod: 'POST',
        multiValueHeaders: { 'X-Sig': ['abc'] },
        multiValueQueryStringParameters: { a: ['b'] },
        ...body,
      },
      requestContext: { domainName: 'hooks.example.com', path: '/webhooks/osigu' },
    };
    const http = {
      ...{ version: '2.0', rawPath: '/webhooks/osigu', rawQueryString: 'a=b', headers: { 'x-sig': 'abc' }, ...body },
      requestContext: { domainName: 'hooks.example.com', http: { method: 'POST' } },
    };
    for (const event of [rest, http]) {
      expect(of(JSON.stringify(event))).toMatchObject(expected);
      expect(of(JSON.stringify(event)).headers.get('x-sig')).toEqual(['abc']);
    }
  });

  it.each(['{"a": 1}', '{"log": {"entries": []}}', '{broken', 'no header\n\nbody'])(
    '%j is refused in one line',
    (text) => {
      expect(() => of(text)).toThrow(/cannot be read|no request/);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:invoices.fifo';

const resolved = (targets: unknown, more: object = {}) =>
  resolveConfig({ sources: { it: { provider: 'nabla', targets: targets as never }, ...more } });

function problems(targets: unknown, more: object = {}): readonly string[] {
  try {
    resolved(targets, more);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the targets of a source', () => {
  it('are named after it, and have what is said of them and no more', () => {
    const [source] = resolved([
      { name: 'forward', kind: 'http', url: 'https://receiver.example.com/events?a=b' },
      { name: 'queue', kind: 'sqs', arn: QUEUE, types: ['invoice.*'], timeoutSeconds: 5, retry: { attempts: 3 } },
    ]).sources;
    expect(source?.targets).toStrictEqual([
      {
        ...{ name: 'it.forward', kind: 'http', to: 'https://receiver.example.com/events?a=b' },
        ...{ timeoutSeconds: 10, retry: {} },
      },
      {
        ...{ name: 'it.queue', kind: 'sqs', to: QUEUE, timeoutSeconds: 5 },
        ...{ retry: { attempts: 3 }, types: ['invoice.*'] },
      },
    ]);
  });

  it.each(['https://10.0.0.7/events', 'https://hooks.internal:8443', 'https://a.example.com?to=b@c'])(
    'can be at an address of a private network: the operator names it (%s)',
    (url) => {
      expect(problems([{ name: 'a', kind: 'http', url }])).toStrictEqual([]);
    },
  );

  it.each([
    ['lambda', 'arn:aws:lambda:eu-west-1:123456789012:function:billing:live'],
    ['sqs', QUEUE],
    ['sns', 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:topic'],
    ['step-functions', 'arn:aws:states:eu-west-1:123456789012:stateMachine:billing'],
    ['kinesis', 'arn:aws:kinesis:eu-west-1:123456789012:stream/events'],
    ['firehose', 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/lake'],
    ['bus', 'arn:aws:events:eu-west-1:210987654321:event-bus/central'],
  ])('can be of the kind %s', (kind, arn) => {
    expect(problems([{ name: 'a', kind, arn }])).toStrictEqual([]);
  });

  it.each([
    [[], 'targets: must have a target'],
    [[{ name: 'a', kind: 'htp', url: 'https://a.example.com' }], 'targets.0.kind: must be one of "http"'],
    [[{ name: 'A', kind: 'sqss', arn: QUEUE }], 'given: "sqss"; did you mean "sqs"?'],
    [[{ name: 'a', arn: QUEUE }], 'targets.0.kind: must be one of "http"'],
    [['a'], 'targets.0: must be an object with a name and a kind; given: "a"'],
    [[{ name: 'a', kind: 'http' }], 'targets.0.url: must be an absolute https URL'],
    [[{ name: 'a', kind: 'http', url: 'http://a.example.com' }], 'targets.0.url: must be an absolute https URL'],
    [[{ name: 'a', kind: 'http', url: 'https://a.example.com', arn: QUEUE }], 'unknown key "arn"'],
    [
      [{ name: 'a', kind: 'http', url: 'https://me:pass@a.example.com/' }],
      'url: must have no user name and no password',
    ],
    [[{ name: 'a', kind: 'http', url: 'https://169.254.169.254/latest' }], 'url: must not be a link-local address'],
    [[{ name: 'a', kind: 'http', url: 'https://2852039166/latest' }], 'url: must not be a link-local address'],
    [[{ name: 'a', kind: 'http', url: 'https://[fe80::1]/' }], 'url: must not be a link-local address'],
    [[{ name: 'a', kind: 'http', url: 'https://[::ffff:169.254.169.254]/x' }], 'url: must not be a link-local address'],
    [
      [
        {
          ...{ name: 'a', kind: 'sqs', arn: 'arn:aws:sqs:eu-west-1:123456789012:a' },
          keyArn: 'arn:aws:kms:eu-west-1:123456789012:alias/mine',
        },
      ],
      'keyArn: must be the ARN of the key itself in KMS, not of an alias',
    ],
    [[{ name: 'a', kind: 'sqs', url: 'https://a.example.com', arn: QUEUE }], 'a target of kind "sqs" has an arn'],
    [[{ name: 'a', kind: 'sns', arn: QUEUE }], 'targets.0.arn: must be the ARN of a topic'],
    [[{ name: 'A', kind: 'sqs', arn: QUEUE }], 'targets.0.name: must be lower-case letters'],
    [[{ name: 'a', kind: 'sqs', arn: QUEUE, types: [] }], 'targets.0.types: must name a type'],
    [[{ name: 'a', kind: 'sqs', arn: QUEUE, timeoutSeconds: 61 }], 'must be a whole number from 1 to 60'],
    [
      ['a-b', 'ab'].map((name) => ({ name, kind: 'sqs', arn: QUEUE })),
      'targets.1.name: must differ from "a-b" in more than hyphens',
    ],
    [
      Array.from({ length: 11 }, (_, index) => ({ name: `t${index}`, kind: 'sqs', arn: QUEUE })),
      'targets: must have 10 targets at most',
    ],
  ])('%j are refused', (targets, message) => {
    expect(problems(targets)).toStrictEqual([expect.stringContaining(message)]);
  });

  it('are refused if they do not fit into the environment of a function, beside what the handler has there', () => {
    const many = (count: number, types: readonly string[]) =>
      Array.from({ length: count }, (_, index) => ({ name: `t${index}`, kind: 'sqs', arn: QUEUE, types }));
    expect(problems(many(10, ['*']))).toStrictEqual([]);
    const tooLong = [
      expect.stringMatching(/^sources\.it\.targets: must take 2048 bytes at most.*these take \d+: name fewer types/),
    ];
    expect(
      problems(
        many(
          1,
          Array.from({ length: 20 }, () => 'x'.repeat(100)),
        ),
      ),
    ).toStrictEqual(tooLong);
    const handler = { file: './examples/eligibility-handler.ts', environment: { MODE: 'x'.repeat(1500) } };
    const beside = () =>
      resolveConfig({ sources: { it: { provider: 'nabla', handler, targets: many(5, ['*']) as never } } });
    expect(beside).toThrow('sources.it.targets: must take 2048 bytes at most');
    const url = `https://receiver.example.com/${'x'.repeat(2100)}`;
    expect(problems([{ name: 'a', kind: 'http', url }])).toStrictEqual([
      'sources.it.targets: the URL of it.a must have 2048 bytes at most',
    ]);
  });

  it('must not have the name in the template of another source', () => {
    const more = { 'it-to-a': { provider: 'nabla' } };
    expect(problems([{ name: 'a', kind: 'sqs', arn: QUEUE }], more)).toStrictEqual([
      expect.stringContaining('the name must differ from "it-to-a" in more than hyphens'),
    ]);
  });
});

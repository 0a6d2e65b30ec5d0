import { randomUUID } from 'node:crypto';
import type { StandIn } from './stand-in.ts';

/** A call by which an event was handed over to a target that is a service of AWS. */
export interface TakenCall {
  readonly service: string;
  readonly action: string;
  /** The request's body, as the service received it. */
  readonly body: string;
}

/** The stand-ins for the services that a target can be. Each takes what it is given, and shows it; nothing happens behind. */
export interface TargetServices {
  /** By signing name. */
  readonly bySigningName: Readonly<Record<string, StandIn>>;
  readonly taken: () => readonly TakenCall[];
  /** Takes the invocations of functions of other stacks, by their ARNs, and passes every other call on. */
  functionsBeside(own: StandIn, arns: ReadonlySet<string>): StandIn;
}

/** The most calls that are kept. */
const MOST = 10_000;

export function targetServices(): TargetServices {
  const calls: TakenCall[] = [];
  const taking =
    (answer: () => object): StandIn =>
    ({ service, action, body }) => {
      calls.push({ service, action, body: body.toString('utf8') });
      if (calls.length > MOST) calls.shift();
      return {
        ...{ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } },
        body: JSON.stringify(answer()),
      };
    };
  const sns = taking(() => ({}));
  return {
    taken: () => calls,
    functionsBeside(own, arns) {
      const invoked = taking(() => ({}));
      return (request) => {
        const [, name = ''] = /\/functions\/([^/?]+)\/invocations/.exec(request.path) ?? [];
        return (arns.has(decodeURIComponent(name)) ? invoked : own)(request);
      };
    },
    bySigningName: {
      states: taking(() => ({
        executionArn: `arn:aws:states:execution:${randomUUID()}`,
        startDate: Date.now() / 1000,
      })),
      kinesis: taking(() => ({ ShardId: 'shardId-000000000000', SequenceNumber: String(Date.now()) })),
      firehose: taking(() => ({ RecordId: randomUUID(), Encrypted: false })),
      // SNS has a protocol of its own: a form, and XML.
      async sns(request) {
        const action = new URLSearchParams(request.body.toString('utf8')).get('Action') ?? request.action;
        await sns({ ...request, action });
        const body =
          '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>' +
          `<MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`;
        return { status: 200, headers: { 'content-type': 'text/xml' }, body };
      },
    },
  };
}

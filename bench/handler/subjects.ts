import type { APIGatewayProxyEvent } from 'aws-lambda';
import { interleave } from '../measure.ts';
import type { Effort, Subject, Times } from '../measure.ts';
import { benchSource, SECRET } from '../sources.ts';
import { memoryClients, sdkClients } from './clients.ts';
import { frame, verifier } from './compose.ts';
import type { Handle } from './compose.ts';
import { proxyEvent } from './events.ts';

const STAGES = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'];

/** A secret that signed nothing. */
const other = (number: number): string => `another signing secret, number ${number}`;

/** Secrets of which the last one signed. */
const lastOf =
  (count: number) =>
  (stage: string): string | undefined => {
    const place = STAGES.indexOf(stage);
    if (place >= count) return undefined;
    return place === count - 1 ? SECRET : other(place);
  };

const answering = (name: string, handle: Handle, event: APIGatewayProxyEvent): Subject => ({
  name,
  run: async () => {
    const { statusCode, body } = await handle(event);
    if (statusCode !== 200) throw new Error(`${name}: ${statusCode} ${body}`);
  },
});

/** A delivery of so many bytes, checked with so many secrets, with so many signatures; the last of each matches. */
function delivery(name: string, provider: string, bytes: number, secrets: number, signatures: number): Subject {
  const source = benchSource(provider);
  const keys = Array.from({ length: signatures }, (_, place) =>
    place === signatures - 1 ? SECRET : other(place + 10),
  );
  const event = proxyEvent({ source, bytes, secrets: keys });
  return answering(name, verifier(source, memoryClients(lastOf(secrets))), event);
}

export const SIZES = [1, 10, 100, 700].map((kilobytes) => ({ name: `${kilobytes} KB`, kilobytes }));
export const SECRETS = [1, 2, 3].map((count) => ({ name: `${count} secrets`, count }));
export const SIGNATURES = [1, 2, 5, 10].map((count) => ({ name: `${count} signatures`, count }));
export const SHARES = { frame: 'middy and Powertools alone', sdk: 'with the SDK, without a network' };

function subjects(): Subject[] {
  const source = benchSource('osigu');
  const event = proxyEvent({ source, bytes: 1000, secrets: [SECRET] });
  return [
    ...SIZES.map(({ name, kilobytes }) => delivery(name, 'osigu', kilobytes * 1000, 1, 1)),
    ...SECRETS.map(({ name, count }) => delivery(name, 'nabla', 1000, count, 1)),
    ...SIGNATURES.map(({ name, count }) => delivery(name, 'nabla', 1000, 1, count)),
    answering(SHARES.frame, frame(source), event),
    answering(SHARES.sdk, verifier(source, sdkClients(lastOf(1))), event),
  ];
}

export const measure = (effort: Effort): Promise<Times> => interleave(subjects(), effort);

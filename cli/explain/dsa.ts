import { decode } from '../../lambdas/core/schemes/mac.ts';

/** Bytes of one of the two numbers of an ECDSA signature over P-256. */
const NUMBER = 32;

/** An ECDSA signature with its two numbers written the other way: DER, or one behind the other (IEEE P1363). */
export function* dsaForms(text: string): Generator<readonly [detail: string, made: string]> {
  for (const encoding of ['base64', 'hex', 'base64url'] as const) {
    const bytes = decode(text, encoding);
    if (!bytes) continue;
    const der = bytes.length === 2 * NUMBER ? toDer(bytes) : undefined;
    const plain = fromDer(bytes);
    if (der) yield ['its two numbers are not written in DER', der.toString(encoding)];
    if (plain) yield ['its two numbers are written in DER', plain.toString(encoding)];
  }
}

function toDer(bytes: Buffer): Buffer {
  const numbers = [bytes.subarray(0, NUMBER), bytes.subarray(NUMBER)].map((number) => {
    const from = number.findIndex((byte) => byte !== 0);
    const short = number.subarray(from === -1 ? NUMBER - 1 : from);
    const whole = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short;
    return Buffer.concat([Buffer.from([2, whole.length]), whole]);
  });
  const content = Buffer.concat(numbers);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

function fromDer(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return undefined;
  const first = bytes.subarray(4, 4 + (bytes[3] ?? 0));
  const second = bytes.subarray(6 + first.length);
  const isWhole = bytes[2] === 2 && bytes[4 + first.length] === 2 && bytes[5 + first.length] === second.length;
  if (!isWhole || [first, second].some(({ length }) => length === 0 || length > NUMBER + 1)) return undefined;
  return Buffer.concat([first, second].map((number) => padded(number.subarray(-NUMBER))));
}

const padded = (number: Buffer): Buffer => Buffer.concat([Buffer.alloc(NUMBER - number.length), number]);

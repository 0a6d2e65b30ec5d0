import type { Delivery } from '../lambdas/core/delivery.ts';

/** The delivery with another header, or without it. */
export function withHeader(of: Delivery, name: string, value?: string): Delivery {
  const headers = new Map(of.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, [value]);
  return { ...of, headers };
}

/** The text with the last character but one changed, whose bits all count in base64 too. */
export const lastAltered = (text: string): string =>
  text.length < 2 ? `${text}1` : `${text.slice(0, -2)}${text.at(-2) === '1' ? '2' : '1'}${text.slice(-1)}`;

/** A header with each signature in it altered, or if there is no long text in it, the header itself. */
export const altered = (header: string): string => {
  const changed = header.replaceAll(/[\w+/-]{20,}/g, lastAltered);
  return changed === header ? lastAltered(header) : changed;
};

/** The bytes with one bit of one byte changed. */
export function flipped(body: Buffer, at: number): Buffer {
  const changed = Buffer.from(body);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

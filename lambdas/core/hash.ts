import { createHash } from 'node:crypto';

/** The SHA-256 of bytes, or of a text in UTF-8, in lower-case hex. */
export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

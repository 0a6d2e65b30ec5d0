import { INVALID_MESSAGE_BODY_CHAR } from './fauxqs-files.ts';

/**
 * A character that SQS does not take in a message
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). Half of a surrogate pair is
 * such a character, the pair is not.
 */
const REFUSED = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Has fauxqs take and refuse what SQS does: its own expression ends at U+FFFD, and so refuses every emoji. */
export function takeEveryCharacter(): void {
  INVALID_MESSAGE_BODY_CHAR.test = (text) => REFUSED.test(text);
}

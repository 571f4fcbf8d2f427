import { clipText } from './clip-text.ts';

const MAX_CODE_POINTS = 512;
/** Characters that SQS does not accept: it refuses the whole message. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * The beginning of a text that somebody else has written, so that SQS accepts it: at most 512 characters, and U+FFFD instead of what it refuses.
 * An empty text becomes 'unknown'.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function sendableText(text: string): string {
  return clipText(text, MAX_CODE_POINTS).replace(FORBIDDEN, '\uFFFD') || 'unknown';
}

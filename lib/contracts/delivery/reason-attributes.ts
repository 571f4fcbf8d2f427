import { clipText } from '../text/clip-text.ts';
import { reasonOf } from '../text/error-reason.ts';

const MAX_ATTRIBUTE_CHARACTERS = 512;
/** Characters that SQS does not accept: it refuses the whole message. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A message attribute of SQS with a text. */
export interface TextAttribute {
  readonly DataType: 'String';
  readonly StringValue: string;
}

/**
 * The message attributes that say why a message is a dead letter. Everything that sends dead letters sets them, and the command line shows
 * them.
 *
 * @param failedAt epoch milliseconds
 */
export function reasonAttributes(
  error: Error,
  failedAt: number,
): Readonly<Record<'errorName' | 'errorMessage' | 'failedAt', TextAttribute>> {
  const { name, message } = reasonOf(error);
  return {
    errorName: text(name),
    errorMessage: text(message),
    failedAt: text(new Date(failedAt).toISOString()),
  };
}

function text(value: string): TextAttribute {
  const allowed = clipText(value.replace(FORBIDDEN, '\uFFFD'), MAX_ATTRIBUTE_CHARACTERS);
  return { DataType: 'String', StringValue: allowed || 'unknown' };
}

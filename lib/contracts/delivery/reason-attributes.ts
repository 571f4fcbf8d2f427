import { reasonOf } from '../text/error-reason.ts';
import { sendableText } from '../text/sendable-text.ts';

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
  return { DataType: 'String', StringValue: sendableText(value) };
}

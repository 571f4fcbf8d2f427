import { GROUP_OR_DEDUPLICATION_ID, MAX_DELAY_SECONDS, MESSAGE_ATTRIBUTES } from '../aws-limits.ts';
import { problemOf, type Refusal, type SentAttribute } from './refusal.ts';

/** A message of SendMessage, or an entry of SendMessageBatch. */
export interface SentMessage {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
  readonly MessageAttributes?: Readonly<Record<string, SentAttribute>>;
}

/**
 * Why SQS refuses a message; undefined when it takes it, or when the engine refuses it itself.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function refusalOfMessage(message: SentMessage, isFifo: boolean): Refusal | undefined {
  const { DelaySeconds = 0, MessageGroupId: group, MessageDeduplicationId: id } = message;
  if (!Number.isInteger(DelaySeconds) || DelaySeconds < 0 || DelaySeconds > MAX_DELAY_SECONDS)
    return invalidValue(
      'DelaySeconds',
      DelaySeconds,
      `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`,
    );
  if (group !== undefined && !GROUP_OR_DEDUPLICATION_ID.test(group)) return badForm('MessageGroupId', group);
  if (id !== undefined && !isFifo)
    return invalidValue(
      'MessageDeduplicationId',
      id,
      'The request include parameter that is not valid for this queue type.',
    );
  if (id !== undefined && !GROUP_OR_DEDUPLICATION_ID.test(id)) return badForm('MessageDeduplicationId', id);
  return refusalOfAttributes(message.MessageAttributes ?? {});
}

function refusalOfAttributes(attributes: Readonly<Record<string, SentAttribute>>): Refusal | undefined {
  const all = Object.entries(attributes);
  const { max } = MESSAGE_ATTRIBUTES;
  if (all.length > max)
    return invalid(`Number of message attributes [${all.length}] exceeds the allowed maximum [${max}].`);
  return all.map(([name, attribute]) => refusalOfAttribute(name, attribute)).find(Boolean);
}

function refusalOfAttribute(name: string, attribute: SentAttribute): Refusal | undefined {
  // The text is that of SQS. The limit is the one of its documentation: a name may have 256 characters.
  if (name === '' || name.length > MESSAGE_ATTRIBUTES.maxNameLength)
    return invalid('Message (user) attribute names must be shorter than 256 Bytes');
  if (MESSAGE_ATTRIBUTES.reservedPrefix.test(name))
    return invalid(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.' because these strings are reserved for internal use.",
    );
  switch (problemOf(attribute)) {
    case 'type':
      return invalid(
        `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
      );
    case 'empty':
      return invalid(
        `Message (user) attribute '${name}' must contain a non-empty value of type '${attribute.DataType}'.`,
      );
    case 'number':
      return invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
    default:
      return undefined;
  }
}

function badForm(parameter: string, value: string): Refusal {
  const form = 'can only include alphanumeric and punctuation characters. 1 to 128 in length';
  return invalidValue(parameter, value, `${parameter} ${form}.`);
}

function invalidValue(parameter: string, value: unknown, reason: string): Refusal {
  return invalid(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

function invalid(message: string): Refusal {
  return { code: 'InvalidParameterValue', message };
}

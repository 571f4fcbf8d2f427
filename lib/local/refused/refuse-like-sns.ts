import { GROUP_OR_DEDUPLICATION_ID, MAX_PUBLISH_BYTES, MAX_SUBJECT_LENGTH } from '../aws-limits.ts';
import type { MessagingEngine } from '../engines/fauxqs.ts';
import { bytesOf, problemOf, type Refusal, type SentAttribute } from './refusal.ts';

/** The body of a request: every parameter by its path, such as `MessageAttributes.entry.1.Name`. */
type Form = Readonly<Record<string, string>>;

const OPERATIONS = ['Publish', 'PublishBatch'];
const ENTRY = /^PublishBatchRequestEntries\.member\.\d+\./;
const ATTRIBUTE = /^MessageAttributes\.entry\.\d+\./;
const LINE_OR_CONTROL = /[\p{Cc}\u2028\u2029]/u;

/**
 * Refuses what SNS refuses and fauxqs 2.4.1 takes, with the answers of SNS. One wrong entry refuses a batch. lib/local/README.md lists what is
 * still taken. Call it before the engine listens.
 */
export function refuseLikeSns({ app, sns }: Pick<MessagingEngine, 'app' | 'sns'>): void {
  app.addHook('preHandler', async (request, reply) => {
    if (!isForm(request.body) || !OPERATIONS.includes(request.body.Action ?? '')) return;
    const topic = sns.getTopic(request.body.TopicArn ?? '');
    // The engine says that it does not exist.
    if (!topic) return;
    const refusal = refusalOf(request.body, topic.attributes.FifoTopic === 'true');
    if (refusal === undefined) return;
    return reply.status(400).header('content-type', 'text/xml').send(xmlOf(refusal));
  });
}

function isForm(body: unknown): body is Form {
  return typeof body === 'object' && body !== null && 'Action' in body && typeof body.Action === 'string';
}

function refusalOf(form: Form, isFifo: boolean): Refusal | undefined {
  const entries = form.Action === 'Publish' ? [form] : partsOf(form, ENTRY);
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry.Message ?? '', attributesOf(entry)), 0);
  if (form.Action === 'PublishBatch' && bytes > MAX_PUBLISH_BYTES)
    return {
      code: 'BatchRequestTooLong',
      message: 'The length of all the messages put together is more than the limit.',
    };
  return entries.map((entry) => refusalOfEntry(entry, isFifo)).find(Boolean);
}

/** The parameters below each path that matches, without that path. */
function partsOf(form: Form, path: RegExp): Form[] {
  const parts = new Map<string, Map<string, string>>();
  for (const [name, value] of Object.entries(form)) {
    const [start] = path.exec(name) ?? [];
    if (start === undefined) continue;
    const part = parts.get(start) ?? new Map<string, string>();
    parts.set(start, part.set(name.slice(start.length), value));
  }
  return [...parts.values()].map((part) => Object.fromEntries(part));
}

function attributesOf(entry: Form): [name: string, attribute: SentAttribute][] {
  return partsOf(entry, ATTRIBUTE).map((part) => [
    part.Name ?? '',
    {
      ...(part['Value.DataType'] !== undefined && { DataType: part['Value.DataType'] }),
      ...(part['Value.StringValue'] !== undefined && { StringValue: part['Value.StringValue'] }),
      ...(part['Value.BinaryValue'] !== undefined && { BinaryValue: part['Value.BinaryValue'] }),
    },
  ]);
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function refusalOfEntry(entry: Form, isFifo: boolean): Refusal | undefined {
  const { Message = '', Subject, MessageGroupId: group, MessageDeduplicationId: id } = entry;
  // fauxqs leaves such an entry of a batch out, and its answer does not mention it.
  if (Message === '') return { code: 'InvalidParameter', message: 'Invalid parameter: Empty message' };
  if (Subject !== undefined && !isSubject(Subject)) return invalid('Subject');
  if (group !== undefined && !GROUP_OR_DEDUPLICATION_ID.test(group)) return invalid('MessageGroupId', FORM);
  if (id !== undefined && !isFifo)
    return invalid(
      'MessageDeduplicationId',
      'The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  if (id !== undefined && !GROUP_OR_DEDUPLICATION_ID.test(id)) return invalid('MessageDeduplicationId', FORM);
  return attributesOf(entry)
    .map(([name, attribute]) => refusalOfAttribute(name, attribute))
    .find(Boolean);
}

const FORM = 'It can only include alphanumeric and punctuation characters, 1 to 128 in length';

function isSubject(text: string): boolean {
  return text !== '' && text.length <= MAX_SUBJECT_LENGTH && !LINE_OR_CONTROL.test(text);
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
function refusalOfAttribute(name: string, attribute: SentAttribute): Refusal | undefined {
  const code = 'ParameterValueInvalid';
  const start = `The message attribute '${name}'`;
  switch (problemOf(attribute)) {
    case 'type':
      return {
        code,
        message: `${start} has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      };
    case 'empty':
      return {
        code,
        message: `${start} must contain non-empty message attribute value for message attribute type '${attribute.DataType}'.`,
      };
    case 'number':
      return { code, message: `Could not cast message attribute '${name}' value to number.` };
    default:
      return undefined;
  }
}

function invalid(parameter: string, reason?: string): Refusal {
  const why = reason === undefined ? '' : ` Reason: ${reason}`;
  return { code: 'InvalidParameter', message: `Invalid parameter: ${parameter}${why}` };
}

function xmlOf({ code, message }: Refusal): string {
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped}</Message></Error><RequestId>${crypto.randomUUID()}</RequestId></ErrorResponse>`;
}

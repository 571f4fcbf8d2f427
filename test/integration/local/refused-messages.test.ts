import {
  CreateTopicCommand,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { idOf, run, writeAssembly } from './assembly.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:';
const ID_FORM = 'can only include alphanumeric and punctuation characters. 1 to 128 in length.';

let local: LocalStack;
beforeAll(async () => {
  const fifo = { FifoQueue: true, ContentBasedDeduplication: true };
  const resources = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Fifo: { Type: 'AWS::SQS::Queue', Properties: fifo },
    Topic: { Type: 'AWS::SNS::Topic' },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'Topic' },
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      },
    },
  };
  local = await run(writeAssembly({ resources }));
});

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, text('x')]));
type Message = Partial<SendMessageCommandInput>;
type Entry = Partial<SendMessageBatchRequestEntry> & { readonly Id: string };
const send = (id: string, message: Message) =>
  local.sqs.send(new SendMessageCommand({ QueueUrl: idOf(local, id), MessageBody: 'body', ...message }));
const attribute = (name: string, value: MessageAttributeValue): Message => ({
  MessageAttributes: { [name]: value },
});
/** What is in the standard queue; it is visible again at once. */
const waiting = async () => {
  const QueueUrl = idOf(local, 'Queue');
  const asked = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  const { Messages = [] } = await local.sqs.send(new ReceiveMessageCommand(asked));
  return Messages.map(({ Body }) => Body);
};

const emptyQueue = () => local.sqs.send(new PurgeQueueCommand({ QueueUrl: idOf(local, 'Queue') }));

describe('SQS refuses a message', () => {
  it.each<[string, string, Message, string]>([
    ['a delay of 901 seconds', 'Queue', { DelaySeconds: 901 }, 'DelaySeconds must be >= 0 and <= 900.'],
    ['a negative delay', 'Queue', { DelaySeconds: -1 }, 'DelaySeconds must be >= 0 and <= 900.'],
    ['half a second', 'Queue', { DelaySeconds: 0.5 }, 'DelaySeconds must be >= 0 and <= 900.'],
    ['a group with a space', 'Fifo', { MessageGroupId: 'a b' }, `MessageGroupId ${ID_FORM}`],
    ['a group of 129 characters', 'Fifo', { MessageGroupId: 'a'.repeat(129) }, `MessageGroupId ${ID_FORM}`],
    ['such a group of a standard queue', 'Queue', { MessageGroupId: 'ä' }, `MessageGroupId ${ID_FORM}`],
    [
      'a deduplication id with a space',
      'Fifo',
      { MessageGroupId: 'g', MessageDeduplicationId: 'a b' },
      `MessageDeduplicationId ${ID_FORM}`,
    ],
    [
      'a deduplication id on a standard queue',
      'Queue',
      { MessageDeduplicationId: 'a' },
      'Value a for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
    [
      'eleven attributes',
      'Queue',
      { MessageAttributes: attributes(11) },
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
    [
      'an empty attribute',
      'Queue',
      attribute('a', text('')),
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      'an attribute with bytes for a string',
      'Queue',
      attribute('a', { DataType: 'String', BinaryValue: Buffer.from('x') }),
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      'an attribute of no type',
      'Queue',
      attribute('a', { DataType: undefined, StringValue: 'x' }),
      "The type of message (user) attribute 'a' is invalid.",
    ],
    [
      'an attribute of another type',
      'Queue',
      attribute('a', { DataType: 'Strings', StringValue: 'x' }),
      "The type of message (user) attribute 'a' is invalid.",
    ],
    ['a name of AWS', 'Queue', attribute('AWS.x', text('x')), "beginning with 'AWS.' or 'Amazon.'"],
    ['a name of Amazon', 'Queue', attribute('amazon.x', text('x')), "beginning with 'AWS.' or 'Amazon.'"],
    ['a long name', 'Queue', attribute('a'.repeat(257), text('x')), 'must be shorter than 256 Bytes'],
    [
      'a number that is none',
      'Queue',
      attribute('a', { DataType: 'Number', StringValue: 'abc' }),
      "Can't cast the value of message (user) attribute 'a' to a number.",
    ],
  ])('with %s', async (_, id, message, reason) => {
    await expect(send(id, message)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(reason),
      $metadata: { httpStatusCode: 400 },
    });
    expect(await waiting()).toEqual([]);
  });

  it('alone in a batch, and takes the others', async () => {
    const Entries = [
      { Id: 'late', MessageBody: 'late', DelaySeconds: 901 },
      { Id: 'good', MessageBody: 'good' },
      { Id: 'lone', MessageBody: 'half an emoji: \ud83d' },
      { Id: 'empty', MessageBody: 'empty', MessageAttributes: { a: text('') } },
    ];
    const QueueUrl = idOf(local, 'Fifo');
    const grouped = Entries.map((entry) => ({ ...entry, MessageGroupId: 'g' }));
    const { Successful = [], Failed = [] } = await local.sqs.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: grouped }),
    );
    expect(Successful.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
      ['lone', 'InvalidMessageContents', true],
      ['late', 'InvalidParameterValue', true],
      ['empty', 'InvalidParameterValue', true],
    ]);
  });

  it('also when a batch has no other', async () => {
    const Entries = [{ Id: 'late', MessageBody: 'late', DelaySeconds: -1 }];
    const QueueUrl = idOf(local, 'Queue');
    expect(await local.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).toMatchObject({
      Successful: [],
      Failed: [
        {
          Id: 'late',
          SenderFault: true,
          Code: 'InvalidParameterValue',
          Message:
            'Value -1 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
        },
      ],
    });
  });

  it.each<[string, readonly Entry[], string]>([
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, index) => ({ Id: String(index) })),
      'TooManyEntriesInBatchRequest',
    ],
    ['an id twice', [{ Id: 'a' }, { Id: 'a' }], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [{ Id: 'a.b' }, { Id: 'c' }], 'InvalidBatchEntryId'],
    ['an id that is empty', [{ Id: '' }], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB',
      [
        { Id: 'a', MessageBody: 'x'.repeat(524_288) },
        { Id: 'b', MessageBody: 'x'.repeat(524_282), ...attribute('a', text('')) },
      ],
      'BatchRequestTooLong',
    ],
  ])('and the whole batch with %s', async (_, entries, name) => {
    const Entries = entries.map((entry) => ({ MessageBody: 'x', DelaySeconds: 901, ...entry }));
    const QueueUrl = idOf(local, 'Queue');
    await expect(local.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
      name: expect.stringContaining(name),
    });
    expect(await waiting()).toEqual([]);
  });

  it('alone in a batch of 1 MiB', async () => {
    const half = 'x'.repeat(524_288);
    const Entries = [
      { Id: 'late', MessageBody: half, DelaySeconds: 901 },
      { Id: 'long', MessageBody: half, DelaySeconds: 900, MessageGroupId: 'a b' },
    ];
    const QueueUrl = idOf(local, 'Queue');
    const { Failed = [] } = await local.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['late', 'InvalidParameterValue'],
      ['long', 'InvalidParameterValue'],
    ]);
  });
});

it('SQS takes the longest delay and ids, ten attributes, and every form of a number', async () => {
  const longest = '!'.repeat(128);
  const numbers = ['5', '-0.5', '.5e-3', '1E10'].map((StringValue) => [
    `n${StringValue}`,
    { DataType: 'Number.int', StringValue },
  ]);
  await send('Fifo', { MessageGroupId: longest, MessageDeduplicationId: longest });
  await send('Queue', { DelaySeconds: 900, MessageGroupId: longest, MessageAttributes: attributes(10) });
  const MessageAttributes = {
    ...Object.fromEntries(numbers),
    bytes: { DataType: 'Binary', BinaryValue: Buffer.from('x') },
  };
  await send('Queue', { DelaySeconds: 900, MessageAttributes });
  expect(local.depthOf(idOf(local, 'Queue')).delayed).toBe(2);
});

describe('SQS refuses a queue', () => {
  const redrive = (name: string, maxReceiveCount: unknown = 3) => ({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}${name}`, maxReceiveCount }),
  });
  it.each([
    ['a name of 81 characters', 'a'.repeat(81), {}, 'Can only include alphanumeric characters'],
    ['a dot in its name', 'a.b', {}, 'Can only include alphanumeric characters'],
    ['a name that ends in .fifo', 'a.fifo', {}, 'Can only include alphanumeric characters'],
    ['a FIFO name of 81 characters', `${'a'.repeat(76)}.fifo`, { FifoQueue: 'true' }, '1 to 80 in length'],
    ['a FIFO name with a dot', 'a.b.fifo', { FifoQueue: 'true' }, 'Can only include alphanumeric'],
    ['no dead-letter queue', 'new', redrive('nowhere'), 'Dead letter target does not exist.'],
    ['one of the other type', 'new', redrive('Shop-Fifo.fifo'), 'must be same type of queue as the source.'],
    ['no receives', 'new', redrive('Shop-Queue', 0), 'valid values are from 1 to 1000 both inclusive.'],
    ['1,001 receives', 'new', redrive('Shop-Queue', 1001), 'valid values are from 1 to 1000 both inclusive.'],
    ['no count', 'new', redrive('Shop-Queue', null), 'not contain mandatory attribute: maxReceiveCount.'],
    ['no target', 'new', { RedrivePolicy: '{}' }, 'not contain mandatory attribute: deadLetterTargetArn.'],
    ['no JSON', 'new', { RedrivePolicy: '{' }, 'not contain mandatory attribute: deadLetterTargetArn.'],
  ])('with %s', async (_, QueueName, Attributes: Record<string, string>, reason) => {
    const refused = {
      name: 'InvalidParameterValue',
      message: expect.stringContaining(reason),
      $metadata: { httpStatusCode: 400 },
    };
    await expect(local.sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).rejects.toMatchObject(
      refused,
    );
    if (!('RedrivePolicy' in Attributes)) return;
    const QueueUrl = idOf(local, 'Queue');
    await expect(
      local.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })),
    ).rejects.toMatchObject(refused);
  });

  it('not when all is as it should be', async () => {
    const attributes = { FifoQueue: 'true', ...redrive('Shop-Fifo.fifo', '1000') };
    const QueueName = `${'a'.repeat(75)}.fifo`;
    await local.sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
    await local.sqs.send(
      new CreateQueueCommand({ QueueName: 'a'.repeat(80), Attributes: redrive('Shop-Queue', 1) }),
    );
  });

  it('and an attribute that no queue has', async () => {
    const asked = { QueueUrl: idOf(local, 'Queue'), AttributeNames: ['toString' as 'All'] };
    await expect(local.sqs.send(new GetQueueAttributesCommand(asked))).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute toString.',
    });
  });
});

describe('SNS refuses a message', () => {
  const publish = (message: Partial<PublishCommandInput>) =>
    local.sns.send(new PublishCommand({ TopicArn: idOf(local, 'Topic'), Message: 'body', ...message }));
  const entries = (...all: Partial<PublishBatchRequestEntry>[]) =>
    new PublishBatchCommand({
      TopicArn: idOf(local, 'Topic'),
      PublishBatchRequestEntries: all.map((one, index) => ({ Id: `e${index}`, Message: 'body', ...one })),
    });
  const MessageDeduplicationId = 'a';

  it.each<[string, Partial<PublishBatchRequestEntry>, string, string]>([
    ['a line break in its subject', { Subject: 'a\nb' }, 'InvalidParameter', 'Invalid parameter: Subject'],
    ['a subject of 101 characters', { Subject: 'a'.repeat(101) }, 'InvalidParameter', 'parameter: Subject'],
    ['no text', { Message: '' }, 'InvalidParameter', 'Invalid parameter: Empty message'],
    ['an empty subject', { Subject: '' }, 'InvalidParameter', 'Invalid parameter: Subject'],
    ['a group with a space', { MessageGroupId: 'a b' }, 'InvalidParameter', 'MessageGroupId Reason'],
    [
      'a deduplication id on a standard topic',
      { MessageDeduplicationId },
      'InvalidParameter',
      'MessageDeduplicationId parameter that is not valid for this topic type',
    ],
    [
      'an empty attribute',
      { MessageAttributes: { '<a>': text('') } },
      'InvalidParameterValueException',
      "The message attribute '<a>' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      'an attribute of another type',
      { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } },
      'InvalidParameterValueException',
      'the set of supported type prefixes is Binary, Number, and String.',
    ],
    [
      'a number that is none',
      { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      'InvalidParameterValueException',
      "Could not cast message attribute 'a' value to number.",
    ],
  ])('with %s, alone and with its batch', async (_, message, name, reason) => {
    const refused = { name: expect.stringContaining(name), message: expect.stringContaining(reason) };
    await expect(publish(message)).rejects.toMatchObject(refused);
    await expect(local.sns.send(entries({}, message))).rejects.toMatchObject(refused);
    expect(await waiting()).toEqual([]);
  });

  it('with a bad id on a FIFO topic', async () => {
    const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true' };
    const { TopicArn } = await local.sns.send(new CreateTopicCommand({ Name: 'a.fifo', Attributes }));
    const of = (more: Partial<PublishCommandInput>) => publish({ TopicArn, MessageGroupId: 'g', ...more });
    await expect(of({ MessageGroupId: 'a'.repeat(129) })).rejects.toThrow('MessageGroupId Reason');
    await expect(of({ MessageDeduplicationId: 'a b' })).rejects.toThrow('MessageDeduplicationId Reason');
    await of({ MessageGroupId: '!'.repeat(128), MessageDeduplicationId: '!'.repeat(128) });
  });

  it('with a batch above 256 KiB', async () => {
    const half = { Message: 'x'.repeat(131_072) };
    await expect(
      local.sns.send(entries(half, { ...half, Message: `${half.Message}x` })),
    ).rejects.toMatchObject({ name: expect.stringContaining('BatchRequestTooLong') });
    await expect(
      local.sns.send(entries(half, { Message: 'x'.repeat(131_064), MessageAttributes: { ab: text('x') } })),
    ).rejects.toMatchObject({ name: expect.stringContaining('BatchRequestTooLong') });
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ['with', 1, 'refused'],
    ['not with', 0, 'taken'],
  ])('%s a batch that has %i bytes more than 256 KiB, of which some are binary', async (_, more, becomes) => {
    const BinaryValue = Buffer.alloc(90_000);
    const MessageAttributes = { a: { DataType: 'Binary', BinaryValue } };
    const Message = 'x'.repeat(131_072 - 'aBinary'.length - BinaryValue.length);
    const half = { Message, MessageAttributes };
    const sent = local.sns.send(entries(half, { ...half, Message: `${Message}${'x'.repeat(more)}` }));
    const outcome = sent.then(
      () => 'taken',
      ({ name }: Error) => (name.includes('BatchRequestTooLong') ? 'refused' : name),
    );
    expect(await outcome).toBe(becomes);
    expect(await waiting()).toHaveLength(becomes === 'taken' ? 2 : 0);
    await emptyQueue();
  });

  it('not with a subject of 100 characters and a batch of 256 KiB', async () => {
    const half = { Message: 'x'.repeat(131_072) };
    expect((await local.sns.send(entries(half, half))).Successful).toHaveLength(2);
    await publish({ Subject: 'é'.repeat(100), MessageAttributes: { a: text('x') } });
    expect(await waiting()).toHaveLength(3);
  });
});

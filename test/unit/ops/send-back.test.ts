import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { editDeadLetter } from '../../../lib/ops/dead-letters/edit.ts';
import { sendBack } from '../../../lib/ops/dead-letters/send-back.ts';

const sqs = mockClient(SQSClient);
const clients = { sqs: new SQSClient({}) };
const queueOf = (suffix = '') =>
  deadLetterQueueOf({
    name: 'email',
    owner: 'shop-dev',
    label: 'email',
    bus: 'shop-dev-Bus',
    stackName: '',
    queueUrl: `https://sqs/queue${suffix}`,
    deadLetterQueueUrl: `https://sqs/dead${suffix}`,
    undeliveredQueueUrl: `https://sqs/undelivered${suffix}`,
    subscriptionArn: '',
    idempotencyTable: '',
    functionName: '',
  });
const message = (id: string, group?: string) => ({
  MessageId: id,
  Body: id,
  ReceiptHandle: id,
  ...(group !== undefined && { Attributes: { MessageGroupId: group } }),
});

beforeEach(() => {
  sqs.reset();
  deleting();
});

/** SQS takes all but these, by their bodies. */
function refusing(...bodies: readonly string[]): void {
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries }) => ({
    Successful: Entries.filter(({ MessageBody }: { MessageBody: string }) => !bodies.includes(MessageBody)),
    Failed: Entries.filter(({ MessageBody }: { MessageBody: string }) => bodies.includes(MessageBody)).map(
      ({ Id }: { Id: string }) => ({ Id, Code: 'InternalError', Message: 'try later', SenderFault: false }),
    ),
  }));
}

/** SQS deletes all but these, by their positions. */
function deleting(...refused: readonly string[]): void {
  sqs.on(DeleteMessageBatchCommand).callsFake(({ Entries }) => ({
    Successful: Entries.filter(({ Id }: { Id: string }) => !refused.includes(Id)),
    Failed: refused.map((Id) => ({ Id, Code: 'InternalError', Message: 'try later', SenderFault: false })),
  }));
}

const sent = (): readonly (string | undefined)[] =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries?.map(({ MessageBody }) => MessageBody) ?? []);
const deleted = (): readonly (string | undefined)[] =>
  sqs
    .commandCalls(DeleteMessageBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle) ?? []);

it('deletes only what SQS has taken', async () => {
  refusing('b');
  const result = await sendBack(
    clients,
    queueOf(),
    ['a', 'b', 'c'].map((id) => message(id)),
  );
  expect(result).toEqual({
    moved: ['a', 'c'],
    refused: [{ messageId: 'b', reason: 'InternalError: try later' }],
    undeleted: [],
  });
  expect(deleted()).toEqual(['a', 'c']);
});

it('deletes nothing that SQS does not say it has taken', async () => {
  sqs.on(SendMessageBatchCommand).resolves({});
  const { refused } = await sendBack(clients, queueOf(), [message('a')]);
  expect(refused).toEqual([{ messageId: 'a', reason: 'NoAnswer: the answer of SQS does not mention it' }]);
  expect(deleted()).toEqual([]);
});

it('says which are in both queues', async () => {
  refusing();
  deleting('1');
  expect(await sendBack(clients, queueOf(), [message('a'), message('b')])).toEqual({
    moved: ['a'],
    refused: [],
    undeleted: [{ messageId: 'b', reason: 'InternalError: try later' }],
  });
});

it('takes nothing for deleted that SQS does not say it has deleted', async () => {
  refusing();
  sqs.on(DeleteMessageBatchCommand).resolves({ Successful: [{ Id: '0' }] });
  const { moved, undeleted } = await sendBack(clients, queueOf(), [message('a'), message('b')]);
  expect(moved).toEqual(['a']);
  expect(undeleted).toEqual([{ messageId: 'b', reason: 'NoAnswer: the answer of SQS does not mention it' }]);
});

it('sends nothing of a message group after one that is refused, and all of the other groups', async () => {
  refusing('a1');
  const messages = [
    message('a0', 'a'),
    message('a1', 'a'),
    message('b0', 'b'),
    message('a2', 'a'),
    message('b1', 'b'),
    message('b2', 'b'),
  ];
  const { moved, refused } = await sendBack(clients, queueOf('.fifo'), messages);
  expect(moved).toEqual(['a0', 'b0', 'b1', 'b2']);
  expect(refused.map(({ messageId }) => messageId)).toEqual(['a1', 'a2']);
  expect(sent()).toEqual(['a0', 'b0', 'a1', 'b1', 'b2']);
});

it('an edit says that the message is in both queues', async () => {
  refusing();
  sqs.on(GetQueueAttributesCommand).resolves({});
  sqs.on(ReceiveMessageCommand).resolvesOnce({
    Messages: [
      {
        ...message('a'),
        Body: '{"specversion":"1.0","id":"1","source":"/test","type":"test.Asked.v1","data":1}',
      },
    ],
  });
  deleting('0');
  const all = { ...createOpsClients({ kind: 'local', awsEndpoint: '', dynamodbEndpoint: '' }), ...clients };
  expect(await editDeadLetter(all, queueOf(), { messageId: 'a', edit: () => 2 })).toMatchObject({
    sent: true,
    undeleted: { messageId: 'a', reason: 'InternalError: try later' },
  });
});

it('keeps the trace that a message belongs to', async () => {
  refusing();
  const AWSTraceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
  await sendBack(clients, queueOf(), [{ ...message('a'), Attributes: { AWSTraceHeader } }]);
  const [call] = sqs.commandCalls(SendMessageBatchCommand);
  expect(call?.args[0].input.Entries?.[0]?.MessageSystemAttributes).toEqual({
    AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader },
  });
});

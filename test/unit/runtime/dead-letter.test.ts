import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type DeadLetter, sendDeadLetters } from '../../../lib/runtime/batch/dead-letter.ts';
import type { Ports } from '../../../lib/runtime/dependencies.ts';
import { recordOf } from './batch-items.ts';

const NOW = Date.parse('2026-01-02T03:04:05.006Z');

/** Sends dead letters to a queue that answers each request with what `answer` makes of it. */
async function send(
  letters: readonly DeadLetter[],
  answer: (input: SendMessageBatchCommandInput) => object = takeAll,
  until = NOW + 1_000,
) {
  const requests: SendMessageBatchCommandInput[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const sqs = {
    send: async (
      command: { input: SendMessageBatchCommandInput },
      { abortSignal }: { abortSignal?: AbortSignal },
    ) => {
      requests.push(command.input);
      signals.push(abortSignal);
      return answer(command.input);
    },
  } as unknown as Ports['sqs'];
  // Only a time that is over at once ends.
  const sleep = (milliseconds: number) =>
    milliseconds > 1 ? new Promise<void>(() => undefined) : Promise.resolve();
  const refused = await sendDeadLetters(
    { sqs, clock: { now: () => NOW, sleep } },
    { queueUrl: 'dead', until },
    letters,
  );
  return { refused: Object.fromEntries(refused), requests, signals };
}

function takeAll({ Entries = [] }: SendMessageBatchCommandInput): object {
  return { Successful: Entries.map(({ Id }) => ({ Id })) };
}

const letter = (id: string, change: Partial<DeadLetter> = {}): DeadLetter => ({
  record: recordOf(id),
  error: new TypeError('it broke'),
  ...change,
});

describe('a dead letter', () => {
  it('is the message as it was, with the reason, the counts and the time', async () => {
    const record = recordOf('a');
    record.attributes.ApproximateReceiveCount = '7';
    const { requests, refused, signals } = await send([letter('a', { record, attempts: 5 })]);
    expect(requests).toEqual([
      {
        QueueUrl: 'dead',
        Entries: [
          {
            Id: '0',
            MessageBody: record.body,
            MessageAttributes: {
              errorName: { DataType: 'String', StringValue: 'TypeError' },
              errorMessage: { DataType: 'String', StringValue: 'it broke' },
              receiveCount: { DataType: 'Number', StringValue: '7' },
              attempts: { DataType: 'Number', StringValue: '5' },
              failedAt: { DataType: 'String', StringValue: '2026-01-02T03:04:05.006Z' },
            },
          },
        ],
      },
    ]);
    expect(refused).toEqual({});
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  it('has no count of attempts when no handler could begin', async () => {
    const { requests } = await send([letter('a')]);
    expect(Object.keys(requests[0]?.Entries?.[0]?.MessageAttributes ?? {})).not.toContain('attempts');
  });

  it('keeps its message group, and is no duplicate of another, on a FIFO queue', async () => {
    const { requests } = await send([letter('a', { record: recordOf('a', 'g') })]);
    expect(requests[0]?.Entries).toMatchObject([
      { MessageGroupId: 'g', MessageDeduplicationId: 'message-a' },
    ]);
  });

  it.each([
    ['says unknown for no text', '', 'unknown'],
    ['says what SQS would refuse in other characters', 'a\u0000b\uFFFEc\t😀', 'a\uFFFDb\uFFFDc\t😀'],
    ['is cut at 512 characters', 'x'.repeat(600), 'x'.repeat(512)],
  ])('%s', async (_, message, expected) => {
    const { requests } = await send([letter('a', { error: new Error(message) })]);
    const said = requests[0]?.Entries?.[0]?.MessageAttributes?.errorMessage?.StringValue;
    expect(said?.replace(/…$/, '').slice(0, 511)).toBe(expected.slice(0, 511));
    expect(said?.length).toBeLessThanOrEqual(512);
  });
});

describe('dead letters', () => {
  it('go ten to a request, each with an id of its own', async () => {
    const { requests } = await send(Array.from({ length: 11 }, (_, n) => letter(`${n}`)));
    expect(requests.map(({ Entries = [] }) => Entries.length)).toEqual([10, 1]);
    expect(new Set(requests.flatMap(({ Entries = [] }) => Entries.map(({ Id }) => Id))).size).toBe(11);
  });

  it('have a mebibyte together in a request, with their attributes', async () => {
    const bytesOf = ({ Entries = [] }: SendMessageBatchCommandInput) =>
      Entries.flatMap(({ MessageBody = '', MessageAttributes = {} }) => [
        MessageBody,
        ...Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) => [
          name,
          DataType,
          StringValue,
        ]),
      ]).reduce((sum, text = '') => sum + Buffer.byteLength(text), 0);
    const sized = (bytes: number) =>
      letter('a', { record: { ...recordOf('a'), body: 'ü'.repeat(bytes / 2) } });
    const [request] = (await send([sized(1_000)])).requests;
    const attributes = (request ? bytesOf(request) : 0) - 1_000;
    const half = 524_288 - attributes + (attributes % 2);
    const together = await send([sized(half - 2), sized(half - 2)]);
    expect(together.requests.map(bytesOf)).toEqual([expect.any(Number)]);
    const apart = await send([sized(half + 2), sized(half + 2)]);
    expect(apart.requests).toHaveLength(2);
  });

  it.each<[string, (input: SendMessageBatchCommandInput) => object, string]>([
    [
      'that SQS refuses',
      () => ({ Failed: [{ Id: '0', Code: 'Bad', Message: 'not this' }] }),
      'Bad: not this',
    ],
    [
      'that SQS refuses without a word',
      () => ({ Failed: [{ Id: '0', Code: 'Bad' }] }),
      'Bad: SQS gave no reason',
    ],
    ['that SQS says nothing of', () => ({}), 'NoAnswer: the answer of SQS does not mention it'],
    [
      'whose request fails',
      () => {
        throw new RangeError('no route');
      },
      'RangeError: no route',
    ],
  ])('%s stay, with the reason', async (_, answer, reason) => {
    expect((await send([letter('a')], answer)).refused).toEqual({ 'message-a': reason });
  });

  it('of one request are taken and refused one by one', async () => {
    const answer = () => ({ Successful: [{ Id: '1' }], Failed: [{ Id: '0', Code: 'Bad', Message: 'no' }] });
    expect((await send([letter('a'), letter('b')], answer)).refused).toEqual({ 'message-a': 'Bad: no' });
  });

  it('stay when there is no answer in time', async () => {
    const { refused } = await send([letter('a')], () => new Promise(() => undefined), NOW + 1);
    expect(refused).toEqual({ 'message-a': expect.stringContaining('the dead-letter queue') });
  });

  it('are not sent when the time is over before: another invocation may have finished the event', async () => {
    const { refused, requests } = await send([letter('a')], takeAll, NOW);
    expect(requests).toEqual([]);
    expect(refused).toEqual({ 'message-a': expect.stringContaining('the dead-letter queue') });
  });
});

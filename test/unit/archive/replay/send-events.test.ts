import type { BatchResultErrorEntry, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { readLine } from '../../../../lib/archive/read/read-line.ts';
import { messageOf, sendEvents } from '../../../../lib/archive/replay/send-events.ts';
import { entryOf } from '../../../../lib/publishing/topic/publish-entry.ts';
import { archivedOf, eventOf } from '../../../apps/archive/archive-objects.ts';

const standard = { id: 'r1', queueUrl: 'https://sqs/1/queue', mode: 'fill' } as const;
const fifo = { ...standard, queueUrl: 'https://sqs/1/queue.fifo' };

function lineOf(...event: Parameters<typeof eventOf>) {
  const line = readLine(JSON.stringify(archivedOf(eventOf(...event))));
  return 'reason' in line ? expect.fail(line.reason) : line;
}

/** A queue that answers as it is told: an engine cannot be made to refuse one entry of a request. */
function queueThat(
  failed: (entries: readonly SendMessageBatchRequestEntry[]) => readonly Partial<BatchResultErrorEntry>[],
) {
  const requests: SendMessageBatchRequestEntry[][] = [];
  const send = async (command: { readonly input: { readonly Entries?: SendMessageBatchRequestEntry[] } }) => {
    const { Entries = [] } = command.input;
    requests.push(Entries);
    const Failed = failed(Entries);
    const Successful = Entries.filter(({ Id }) => !Failed.some((one) => one.Id === Id));
    return { Failed, Successful };
  };
  const clock = { now: () => 0, sleep: async () => undefined };
  return { requests, ports: { sqs: { send } as never, clock, random: () => 0 } };
}

describe('the message of a replayed event', () => {
  it('has the body and the attributes that the topic delivers, and those of the replay', () => {
    const line = lineOf({ subject: 'a "b"' });
    const message = messageOf(standard, line, 0);
    expect(message.MessageBody).toBe(line.archived.body);
    expect(message.MessageAttributes).toEqual({
      ...entryOf(line.event, 0, false).MessageAttributes,
      replay: { DataType: 'String', StringValue: 'r1' },
      replaymode: { DataType: 'String', StringValue: 'fill' },
    });
  });

  it('is of one tenant for the whole replay on a standard queue, whoever the tenant of the event is', () => {
    expect(messageOf(standard, lineOf({ tenant: 'ada' }), 0)).toMatchObject({ MessageGroupId: 'replay-r1' });
    expect(messageOf(standard, lineOf(), 0).MessageDeduplicationId).toBeUndefined();
  });

  it('is of the group of the event on a FIFO queue, and is the same once in each replay', () => {
    const line = lineOf({ partitionkey: 'ada' });
    const message = messageOf(fifo, line, 0);
    expect(message.MessageGroupId).toBe('ada');
    expect(messageOf(fifo, line, 5).MessageDeduplicationId).toBe(message.MessageDeduplicationId);
    expect(messageOf({ ...fifo, id: 'r2' }, line, 0).MessageDeduplicationId).not.toBe(
      message.MessageDeduplicationId,
    );
  });
});

it('sends other content under the id of an event as a message of its own, which is a conflict that the consumer has to see', () => {
  const ids = [{ data: { total: 1 } }, { data: { total: 2 } }].map(
    (event) => messageOf(fifo, lineOf(event), 0).MessageDeduplicationId,
  );
  expect(new Set(ids).size).toBe(2);
});

describe('sending', () => {
  const lines = Array.from({ length: 12 }, (_, n) => lineOf({ id: `e-${n}`, partitionkey: `g-${n % 2}` }));

  it('sends again what was refused in passing, and only that', async () => {
    let refusals = 1;
    const { requests, ports } = queueThat(([entry]) =>
      refusals-- > 0 ? [{ Id: entry?.Id, Code: 'InternalError', SenderFault: false }] : [],
    );
    expect(await sendEvents(ports, standard, lines)).toEqual([]);
    expect(requests.map(({ length }) => length).toSorted()).toEqual([1, 10, 2].toSorted());
  });

  it('throws when SQS goes on refusing, so that nothing counts as sent', async () => {
    const { ports } = queueThat((entries) =>
      entries.map(({ Id }) => ({ Id, Code: 'Throttled', SenderFault: false })),
    );
    await expect(sendEvents(ports, standard, lines)).rejects.toThrow(
      'SQS does not take 10 events: Throttled',
    );
  });

  it('sends again what the answer does not mention', async () => {
    const requests: number[] = [];
    const send = async ({ input: { Entries } }: { readonly input: { readonly Entries: object[] } }) => {
      requests.push(Entries.length);
      return requests.length === 1 ? { Successful: Entries.slice(0, 1) } : { Successful: Entries };
    };
    const { ports } = queueThat(() => []);
    expect(await sendEvents({ ...ports, sqs: { send } as never }, standard, lines.slice(0, 3))).toEqual([]);
    expect(requests).toEqual([3, 2]);
  });

  it('does not count as sent what no answer mentions', async () => {
    const { ports } = queueThat(() => []);
    const sqs = { send: async () => ({}) } as never;
    await expect(sendEvents({ ...ports, sqs }, standard, lines.slice(0, 3))).rejects.toThrow(
      'SQS does not take 3 events: NoAnswer',
    );
  });

  it('says what SQS will never take', async () => {
    const { ports } = queueThat((entries) =>
      entries
        .filter(({ Id }) => Id === '3')
        .map(({ Id }) => ({ Id, Code: 'TooLong', Message: 'no', SenderFault: true })),
    );
    expect(await sendEvents(ports, standard, lines)).toEqual(['SQS refused event e-3: TooLong: no']);
  });

  it('has one event of each group in a request to a FIFO queue, and the next one only after it was taken', async () => {
    const { requests, ports } = queueThat(() => []);
    await sendEvents(ports, fifo, lines);
    expect(requests).toHaveLength(6);
    for (const entries of requests)
      expect(new Set(entries.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(entries.length);
  });
});

import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  Asked,
  BOTH,
  claimer,
  client,
  commitEffect,
  committer,
  deadLetters,
  effectsOf,
  emitAndCommit,
  type Handler,
  message,
  newId,
  recordOf,
  run,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

/** The message of an event as a replay sends it. */
function replayed(
  id: string,
  replay: string | undefined,
  replayMode: string | undefined,
  extra: Parameters<typeof message>[1] = {},
): SQSRecord {
  const texts = Object.entries({ replay, replaymode: replayMode }).filter(([, text]) => text !== undefined);
  return {
    ...message(id, extra),
    messageAttributes: Object.fromEntries(
      texts.map(([name, stringValue]) => [name, { dataType: 'String', stringValue: stringValue ?? '' }]),
    ),
  };
}

const fill = (id: string, extra = {}) => replayed(id, 'r-fill', 'fill', extra);
const again = (id: string, replay = 'r-1', extra = {}) => replayed(id, replay, 'again', extra);
const refuser = defineConsumer({ ...claimer, name: 'refuser', replay: 'refuse' });
const sentToDeadLetterQueue = () =>
  seen.sqsCommands.flatMap((command) =>
    command instanceof SendMessageBatchCommand ? (command.input.Entries ?? []) : [],
  );
const publishedIds = () => seen.published.map(({ id }) => id);

describe.each(BOTH)('with effects: %s', (_, definition) => {
  it('a fill repeats nothing that was done, and does what was missed', async () => {
    const [done, missed] = [newId(), newId()];
    const consumer = setup(definition, emitAndCommit);
    await run(consumer, [message(done)]);
    expect(await run(consumer, [fill(done), fill(missed)])).toEqual([]);
    expect(await Promise.all([done, missed].map(effectsOf))).toEqual([1, 1]);
    expect(new Set(publishedIds()).size).toBe(2);
    expect(await run(consumer, [message(missed)])).toEqual([]);
    expect(await effectsOf(missed)).toBe(1);
  });

  it('again has one effect in each replay, however often its message comes', async () => {
    const id = newId();
    const consumer = setup(definition, emitAndCommit);
    await run(consumer, [message(id)]);
    await run(consumer, [again(id, 'r-1')]);
    await run(consumer, [again(id, 'r-1', { attempt: 2 })]);
    await run(consumer, [again(id, 'r-2'), again(id, 'r-2')]);
    expect(await effectsOf(id)).toBe(3);
    expect(new Set(publishedIds()).size).toBe(3);
  });

  it('an event and two repetitions of it in one batch are three pieces of work', async () => {
    const id = newId();
    expect(
      await run(setup(definition, emitAndCommit), [message(id), again(id, 'r-1'), again(id, 'r-2')]),
    ).toEqual([]);
    expect(await effectsOf(id)).toBe(3);
    expect(new Set(publishedIds()).size).toBe(3);
    expect(seen.published.every(({ causationid }) => causationid === id)).toBe(true);
  });

  it('what a replay repeats needs no request more than the event itself', async () => {
    const [first, second] = [newId(), newId()];
    await run(setup(definition, commitEffect), [message(first)]);
    const requests = seen.requests.splice(0);
    await run(setup(definition, commitEffect), [again(second)]);
    expect(seen.requests).toEqual(requests);
  });
});

it('an outbox that a repetition has left behind is published under its own ids', async () => {
  const id = newId();
  const failing = setup(committer, emitAndCommit, { publisher: undefined });
  const record = again(id);
  expect(await run(failing, [record])).toEqual([record.messageId]);
  expect(await run(setup(committer, emitAndCommit), [again(id, 'r-1', { attempt: 2 })])).toEqual([]);
  await run(setup(committer, emitAndCommit), [message(id)]);
  expect(await effectsOf(id)).toBe(2);
  expect(new Set(publishedIds()).size).toBe(2);
});

it('a fill does what has failed for good, and its dead letter is a duplicate then', async () => {
  const id = newId();
  const broken: Handler = () => {
    throw new PermanentError('broken');
  };
  await run(setup(claimer, broken), [message(id)]);
  expect(deadLetters()).toMatchObject([{ errorMessage: 'broken' }]);
  await run(setup(claimer, commitEffect), [fill(id)]);
  await run(setup(claimer, commitEffect), [message(id)]);
  expect(await effectsOf(id)).toBe(1);
  // The attempt belongs to the replay, so a trace shows it.
  expect((await recordOf(id))?.replay).toEqual({ S: 'r-fill' });
});

it('a record tells which replay has sent its event last', async () => {
  const id = newId();
  const failsOnce: Handler = async (event, ctx) => {
    if (ctx.replay) throw new Error('not now');
    await commitEffect(event, ctx);
  };
  await run(setup(claimer, failsOnce), [fill(id)]);
  expect((await recordOf(id))?.replay).toEqual({ S: 'r-fill' });
  await run(setup(claimer, failsOnce), [message(id)]);
  expect((await recordOf(id))?.replay).toBeUndefined();
  await run(setup(claimer, failsOnce), [again(id)]);
  const key = { id: { S: `/test r-1|${id}` } };
  const { Item } = await client.send(new GetItemCommand({ TableName: 'records', Key: key }));
  expect(Item).toMatchObject({ replay: { S: 'r-1' }, status: { S: 'FAILED' } });
});

it('with effects: commit, a record that has expired does not keep the replay of its earlier event', async () => {
  const id = newId();
  await run(setup(committer, commitEffect), [fill(id)]);
  await client.send(
    new UpdateItemCommand({
      TableName: 'records',
      Key: { id: { S: `/test|${id}` } },
      UpdateExpression: 'SET expiresAt = :past',
      ExpressionAttributeValues: { ':past': { N: '1' } },
    }),
  );
  await run(setup(committer, commitEffect), [message(id)]);
  expect(await effectsOf(id)).toBe(2);
  expect((await recordOf(id))?.replay).toBeUndefined();
});

describe('a handler is told', () => {
  const toldOf = async (...records: readonly SQSRecord[]) => {
    const told: unknown[] = [];
    const note: Handler = (_, ctx) => void told.push(ctx.replay);
    await run(setup(claimer, note), records);
    return told;
  };

  it('of the replay that has sent its event', async () => {
    expect(await toldOf(fill(newId()))).toEqual([{ id: 'r-fill', mode: 'fill' }]);
    expect(await toldOf(again(newId()))).toEqual([{ id: 'r-1', mode: 'again' }]);
    expect(await toldOf(message(newId()))).toEqual([undefined]);
  });

  it('of none when the event came by itself too', async () => {
    const [first, second] = [newId(), newId()];
    expect(await toldOf(fill(first), message(first))).toEqual([undefined]);
    expect(await toldOf(message(second), fill(second))).toEqual([undefined]);
  });
});

describe('a consumer that refuses to repeat its effects', () => {
  it('gives up what a replay sends again, at once, and takes a fill', async () => {
    const [refused, filled] = [newId(), newId()];
    const records = [again(refused), fill(filled), message(refused)];
    expect(await run(setup(refuser, commitEffect), records)).toEqual([]);
    expect(await Promise.all([refused, filled].map(effectsOf))).toEqual([1, 1]);
    expect(deadLetters()).toEqual([
      {
        id: refused,
        errorName: 'ReplayRefusedError',
        errorMessage: expect.stringMatching(
          /^refuser refuses to repeat its effects: .*replay r-1 .* purge it, or /,
        ),
      },
    ]);
    expect(sentToDeadLetterQueue()[0]?.MessageAttributes).toMatchObject({
      replay: { StringValue: 'r-1' },
      replaymode: { StringValue: 'again' },
    });
  });

  it('lets the events behind it in its message group go on', async () => {
    const [refused, next] = [newId(), newId()];
    const records = [again(refused, 'r-1', { group: 'g' }), message(next, { group: 'g' })];
    expect(await run(setup(refuser, commitEffect), records)).toEqual([]);
    expect(await effectsOf(next)).toBe(1);
  });
});

describe('attributes that no replay sets', () => {
  it.each([
    ['an unknown mode', 'r-1', 'sometimes'],
    ['no mode', 'r-1', undefined],
    ['no id', undefined, 'again'],
    ['an id that is too long', 'x'.repeat(65), 'again'],
    ['an id of another form', 'r|1', 'fill'],
  ])('fail their event alone: %s', async (_, replay, replayMode) => {
    const [wrong, right] = [newId(), newId()];
    const records = [replayed(wrong, replay, replayMode), message(right)];
    expect(await run(setup(claimer, commitEffect), records)).toEqual([]);
    expect(await Promise.all([wrong, right].map(effectsOf))).toEqual([0, 1]);
    expect(deadLetters()).toEqual([
      {
        id: wrong,
        errorName: 'UnreadableEventError',
        errorMessage: expect.stringMatching(
          /^the message is of no replay that Fanfare knows: its message attribute replay/,
        ),
      },
    ]);
    const { MessageAttributes = {} } = sentToDeadLetterQueue()[0] ?? {};
    expect(MessageAttributes.replay?.StringValue).toBe(replay);
    expect(MessageAttributes.replaymode?.StringValue).toBe(replayMode);
  });

  it('are no less wrong in the dead letter when they are binary', async () => {
    const record = message(newId());
    record.messageAttributes = { replay: { dataType: 'Binary', binaryValue: 'AP8=' } };
    expect(await run(setup(claimer, commitEffect), [record])).toEqual([]);
    expect(sentToDeadLetterQueue()[0]?.MessageAttributes?.replay).toEqual({
      DataType: 'String',
      StringValue: '?',
    });
  });

  it('are no matter to a message that was made by hand without any', async () => {
    const id = newId();
    const { messageAttributes: _none, ...record } = message(id);
    expect(await run(setup(claimer, commitEffect), [record as SQSRecord])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
  });
});

it('an event whose key has just enough room for the id of the replay is handled', async () => {
  const id = 'x'.repeat(2048 - '/test r-1|'.length);
  expect(
    await run(
      setup(claimer, () => undefined),
      [again(id)],
    ),
  ).toEqual([]);
  expect(deadLetters()).toEqual([]);
});

it('an event whose key is too long with the id of the replay fails alone', async () => {
  const [long, short] = ['x'.repeat(2047 - '/test'.length), newId()];
  const consumer = setup(claimer, commitEffect);
  expect(await run(consumer, [again(long), again(short), message(long)])).toEqual([]);
  expect(await effectsOf(short)).toBe(1);
  expect(deadLetters()).toMatchObject([
    {
      id: long,
      errorMessage: expect.stringMatching(/have 2052 bytes; a record takes 2048; publish the event/),
    },
  ]);
});

it('the dead letter of a repetition that has failed says which replay it is of', async () => {
  const broken: Handler = () => {
    throw new PermanentError('broken');
  };
  await run(setup(claimer, broken), [again(newId()), message(newId())]);
  expect(
    sentToDeadLetterQueue().map(({ MessageAttributes = {} }) => [
      MessageAttributes.replay?.StringValue,
      MessageAttributes.replaymode?.StringValue,
    ]),
  ).toEqual([
    ['r-1', 'again'],
    [undefined, undefined],
  ]);
});

it('what a repetition emits is new to the consumer behind it, and once in each replay', async () => {
  const id = newId();
  const behind = defineConsumer({ ...claimer, name: 'behind', listensTo: [Asked] });
  const forward: Handler = (event, ctx) => ctx.emit(Answered, { n: event.data.n });
  await run(setup(claimer, forward), [message(id)]);
  await run(setup(claimer, forward), [again(id)]);
  await run(setup(claimer, forward), [again(id, 'r-1', { attempt: 2 })]);
  expect(publishedIds()).toHaveLength(2);
  const bodies = seen.published.map((event) => JSON.stringify({ ...event, type: 'test.Asked.v1' }));
  let handled = 0;
  const counting = setup(behind, () => {
    handled += 1;
  });
  await run(
    counting,
    bodies.flatMap((body) => [message('x', { body }), message('x', { body })]),
  );
  expect(handled).toBe(2);
});

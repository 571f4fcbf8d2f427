import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { defineSaga } from '../../../lib/contracts/saga/define-saga.ts';
import { readSagaItem, type SagaItem } from '../../../lib/contracts/saga/saga-item.ts';
import type { LaterMessage } from '../../../lib/later/later-message.ts';
import { handlerMap } from '../../../lib/runtime/consume.ts';
import { sagaHandlers } from '../../../lib/runtime/saga/run-saga.ts';
import { client, committer, deadLetters, message, newId, run, seen, setup, useRig } from './rig.ts';

useRig();

const data = z.object({ countId: z.string() });
const event = <const Type extends string>(type: Type) =>
  defineEvent({ type, version: 1, description: 'A test event.', data });
const Begun = event('test.Begun');
const Counted = event('test.Counted');
const Closed = event('test.Closed');
const TimedOut = event('test.TimedOut');
const Told = event('test.Told');

const counts = defineSaga({
  name: 'counts',
  description: 'Counts until it is told to stop.',
  startedBy: [Begun],
  movedBy: [Counted, Closed],
  timeouts: { counting: [TimedOut] },
  emits: [Told],
  steps: ['counting'],
  ends: ['closed', 'timedOut'],
  state: z.object({ count: z.int() }),
  correlate: 'countId',
});
/** Transitions that have run, whether or not they were stored. */
let decisions = 0;
const handlers = sagaHandlers(counts, {
  new: {
    'test.Begun': (_event, saga) => {
      saga.goTo('counting', { count: 0 });
      saga.timeout(TimedOut, { countId: saga.id }, { in: 60 });
    },
    'test.Counted': 'wait',
    'test.Closed': 'ignore',
  },
  counting: {
    'test.Begun': 'ignore',
    'test.Counted': (_event, saga) => {
      decisions += 1;
      saga.update({ count: saga.data.count + 1 });
      saga.emit(Told, { countId: saga.id });
    },
    'test.Closed': (_event, saga) => saga.end('closed'),
    'test.TimedOut': (_event, saga) => saga.end('timedOut'),
  },
  closed: 'ignore',
  timedOut: 'ignore',
});
let sent: LaterMessage[] = [];

/** The saga on the embedded DynamoDB: the table `effects` is the table of sagas. */
const consumer = () => {
  decisions = 0;
  sent = [];
  const rig = setup(committer, () => undefined);
  return {
    ...rig,
    definition: counts,
    handlers: handlerMap<typeof counts>(handlers, undefined),
    tables: { sagas: 'effects' },
    ports: {
      ...rig.ports,
      random: Math.random,
      later: {
        send: async (messages: readonly LaterMessage[]) => {
          sent.push(...messages);
          return messages.map(() => ({ status: 'published', messageId: 'm' }) as const);
        },
      },
    },
  };
};
const record = (
  type: string,
  countId: string,
  extra: { id?: string; attempt?: number; firstReceivedAt?: number } = {},
) => {
  const { id = newId(), ...rest } = extra;
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: '/test',
    type: `${type}.v1`,
    data: { countId },
  });
  return message(id, { body, firstReceivedAt: Date.now(), ...rest });
};
const sagaOf = async (id: string): Promise<SagaItem | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'effects', Key: { id: { S: id } }, ConsistentRead: true }),
  );
  return Item && readSagaItem(Item);
};

/** The saga whose first transaction is overtaken: something else happens right before it. */
function overtakenBy(happens: () => Promise<unknown>) {
  const own = consumer();
  const { send } = own.ports.dynamodb;
  let overtaken: Promise<unknown> | undefined;
  const overtaking = async (command: never): Promise<unknown> => {
    if (!overtaken && (command as object) instanceof TransactWriteItemsCommand) {
      overtaken = happens();
      await overtaken;
    }
    return Reflect.apply(send, undefined, [command]);
  };
  const dynamodb = { send: overtaking } as unknown as typeof own.ports.dynamodb;
  return { ...own, ports: { ...own.ports, dynamodb } };
}

it('an event that moves its saga costs one GetItem and one TransactWriteItems, and what it emits one request for its batch', async () => {
  const id = newId();
  expect(await run(consumer(), [record('test.Begun', id)])).toEqual([]);
  expect(seen.requests).toEqual([
    'GetItemCommand',
    'TransactWriteItemsCommand',
    'BatchExecuteStatementCommand',
  ]);
  seen.requests.length = 0;
  expect(await run(consumer(), [record('test.Closed', id)])).toEqual([]);
  // It cancels its time-out, which is something to send too.
  expect(seen.requests).toEqual([
    'GetItemCommand',
    'TransactWriteItemsCommand',
    'BatchExecuteStatementCommand',
  ]);
  expect(await sagaOf(id)).toMatchObject({ step: 'closed', version: 2, timeouts: {} });
});

it('an event that is ignored costs one GetItem, and a share in what settles its batch', async () => {
  await run(consumer(), [record('test.Closed', newId()), record('test.Closed', newId())]);
  expect(seen.requests).toEqual(['GetItemCommand', 'GetItemCommand', 'BatchExecuteStatementCommand']);
});

it('a time-out that is set is sent to the queue of later events, and cancelled when its step is over', async () => {
  const id = newId();
  const own = consumer();
  await run(own, [record('test.Begun', id)]);
  const timeout = (await sagaOf(id))?.timeouts['test.TimedOut'];
  expect(sent).toEqual([{ event: expect.objectContaining({ id: timeout?.id, deliverat: timeout?.at }) }]);
  await run(own, [record('test.Closed', id)]);
  expect(sent.slice(1)).toEqual([
    { cancel: { owner: expect.stringContaining('counts'), key: timeout?.id, at: expect.any(String) } },
  ]);
});

it('two sagas in one batch do not touch each other', async () => {
  const [one, other] = [newId(), newId()];
  expect(await run(consumer(), [record('test.Begun', one), record('test.Begun', other)])).toEqual([]);
  expect(await run(consumer(), [record('test.Counted', one), record('test.Closed', other)])).toEqual([]);
  expect(await sagaOf(one)).toMatchObject({ step: 'counting', data: '{"count":1}' });
  expect(await sagaOf(other)).toMatchObject({ step: 'closed', data: '{"count":0}' });
});

it('nine events of one saga in one batch all count, and each emits once, however often it was decided on', async () => {
  const id = newId();
  await run(consumer(), [record('test.Begun', id)]);
  const events = Array.from({ length: 9 }, () => record('test.Counted', id));
  expect(await run(consumer(), events)).toEqual([]);
  expect(await sagaOf(id)).toMatchObject({ data: '{"count":9}', version: 10 });
  expect(decisions).toBeGreaterThan(9);
  expect(seen.published.filter(({ type }) => type === 'test.Told.v1')).toHaveLength(9);
  expect(new Set(seen.published.map((one) => one.id)).size).toBe(seen.published.length);
});

it('the event that begins a saga and the next one in one batch: the next one waits if it was too early', async () => {
  const id = newId();
  const next = record('test.Counted', id);
  const returned = await run(consumer(), [next, record('test.Begun', id)]);
  expect([[], [next.messageId]]).toContainEqual(returned);
  if (returned.length > 0)
    await run(consumer(), [{ ...next, attributes: { ...next.attributes, ApproximateReceiveCount: '2' } }]);
  expect(await sagaOf(id)).toMatchObject({ data: '{"count":1}' });
});

it('an event that comes after the end another event has just written ends as its cell says', async () => {
  const id = newId();
  await run(consumer(), [record('test.Begun', id)]);
  const own = consumer();
  let closed = false;
  seen.before = (command) => {
    if (closed || !(command instanceof TransactWriteItemsCommand)) return;
    closed = true;
    throw new Error('never sent');
  };
  // The first attempt fails; meanwhile the saga is closed.
  const counted = record('test.Counted', id);
  expect(await run(own, [counted])).toEqual([counted.messageId]);
  seen.before = () => undefined;
  await run(consumer(), [record('test.Closed', id)]);
  expect(
    await run(own, [{ ...counted, attributes: { ...counted.attributes, ApproximateReceiveCount: '2' } }]),
  ).toEqual([]);
  expect(await sagaOf(id)).toMatchObject({ step: 'closed', version: 2, data: '{"count":0}' });
});

it('a saga that is closed between the read and the write: the rejected move is dropped, and the event is done', async () => {
  const id = newId();
  await run(consumer(), [record('test.Begun', id)]);
  const item = await client.send(new GetItemCommand({ TableName: 'effects', Key: { id: { S: id } } }));
  seen.requests.length = 0;
  const closed = { ...item.Item, version: { N: '2' }, step: { S: 'closed' } };
  const own = overtakenBy(() => client.send(new PutItemCommand({ TableName: 'effects', Item: closed })));
  expect(await run(own, [record('test.Counted', id)])).toEqual([]);
  expect(await sagaOf(id)).toMatchObject({ step: 'closed', version: 2 });
  expect(seen.published).toEqual([]);
  // The failed write has returned the saga as it is: nothing is read again. The last one marks the event as done.
  expect(seen.requests).toEqual(['GetItemCommand', 'TransactWriteItemsCommand', 'TransactWriteItemsCommand']);
});

it('a saga that is gone between the read and the write: the event was too early, and is given up or waits for that', async () => {
  const remove = (id: string) => () =>
    client.send(new DeleteItemCommand({ TableName: 'effects', Key: { id: { S: id } } }));
  const [old, young] = [newId(), newId()];
  await run(consumer(), [record('test.Begun', old), record('test.Begun', young)]);
  await run(overtakenBy(remove(old)), [record('test.Counted', old, { firstReceivedAt: 1 })]);
  expect(deadLetters()).toMatchObject([{ errorName: 'EarlyEventError' }]);
  await run(overtakenBy(remove(young)), [record('test.Counted', young)]);
  expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({
    status: 'released',
    error: { name: 'NotYetError' },
  });
});

it('a saga that cannot be read after another event has moved it fails its event with that reason', async () => {
  const id = newId();
  await run(consumer(), [record('test.Begun', id)]);
  const item = await client.send(new GetItemCommand({ TableName: 'effects', Key: { id: { S: id } } }));
  const moved = { ...item.Item, version: { N: '2' }, data: { S: '{"count":"none"}' } };
  const own = overtakenBy(() => client.send(new PutItemCommand({ TableName: 'effects', Item: moved })));
  await run(own, [record('test.Counted', id)]);
  expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({
    status: 'failed',
    error: { name: 'UnreadableSagaError' },
  });
});

it('a move whose answer is lost has happened once', async () => {
  const id = newId();
  await run(consumer(), [record('test.Begun', id)]);
  let lost = 0;
  seen.afterwards = (command) => {
    if (!(command instanceof TransactWriteItemsCommand) || lost > 0) return;
    lost += 1;
    throw Object.assign(new Error('the answer was lost'), { name: 'TimeoutError', $retryable: {} });
  };
  expect(await run(consumer(), [record('test.Counted', id)])).toEqual([]);
  expect(lost).toBe(1);
  expect(await sagaOf(id)).toMatchObject({ data: '{"count":1}', version: 2 });
});

it('a duplicate of an event that has moved its saga has no effect', async () => {
  const id = newId();
  const eventId = newId();
  await run(consumer(), [record('test.Begun', id)]);
  await run(consumer(), [record('test.Counted', id, { id: eventId })]);
  expect(await run(consumer(), [record('test.Counted', id, { id: eventId })])).toEqual([]);
  expect(await sagaOf(id)).toMatchObject({ data: '{"count":1}' });
  expect(seen.published).toHaveLength(1);
});

it('a table of sagas that does not answer costs no attempt', async () => {
  const id = newId();
  await run(consumer(), [record('test.Begun', id)]);
  seen.before = (command) => {
    if (command instanceof GetItemCommand)
      throw Object.assign(new Error('slow down'), {
        name: 'ThrottlingException',
        $retryable: { throttling: true },
      });
  };
  const counted = record('test.Counted', id);
  expect(await run(consumer(), [counted])).toEqual([counted.messageId]);
  expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({
    status: 'released',
    error: { name: 'NotYetError', message: `saga ${id} could not be read` },
  });
});

it('a table of sagas that never answers costs no attempt, and the read ends while there is time to say so', async () => {
  const own = consumer();
  const silent = (command: object, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<unknown> => {
    if (!(command instanceof GetItemCommand))
      return Reflect.apply(own.ports.dynamodb.send, undefined, [command]);
    return new Promise((_, reject) =>
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason)),
    );
  };
  const ports = { ...own.ports, dynamodb: { send: silent } as unknown as typeof own.ports.dynamodb };
  const id = newId();
  for (let attempt = 1; attempt <= 7; attempt++) {
    const begun = record('test.Begun', 's-silent', { id, attempt });
    expect(await run({ ...own, ports }, [begun], 600)).toEqual([begun.messageId]);
    expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({
      status: 'released',
      error: {
        name: 'NotYetError',
        message: 'saga s-silent could not be read',
        cause: { message: 'there was no time left for the read of the saga' },
      },
    });
  }
  expect(deadLetters()).toEqual([]);
  // It is the first attempt when the table answers again.
  expect(await run(own, [record('test.Begun', 's-silent', { id, attempt: 8 })])).toEqual([]);
  expect(seen.reports.at(-1)?.items[0]).toMatchObject({ attempt: 1, outcome: { status: 'completed' } });
});

it('an early event that has waited long enough goes to the dead-letter queue with its reason', async () => {
  const waited = Date.now() - 21_600_000;
  await run(consumer(), [record('test.Counted', 'nobody', { attempt: 50, firstReceivedAt: waited })]);
  expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({
    status: 'deadLettered',
    error: { name: 'EarlyEventError' },
  });
  await run(consumer(), [
    record('test.Counted', 'nobody', { attempt: 50, firstReceivedAt: waited + 60_000 }),
  ]);
  expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({ status: 'released' });
});

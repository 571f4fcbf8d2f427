import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { NotBegunError, NotYetError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  BOTH,
  claimer,
  deadLetters,
  type Handler,
  message,
  newId,
  putRecord,
  recordOf,
  run,
  SILENT,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

const MAX = 3;
/** The record of an event in whose handling its process died. */
const DIED = { leaseUntil: 1 };

describe.each(BOTH)('with effects: %s, an event whose process died', (_, definition) => {
  const consumer = defineConsumer({ ...definition, retry: { maxAttempts: MAX } });
  const deliver = (handler: Handler, ids: readonly string[], attempt = 2) =>
    run(
      setup(consumer, handler),
      ids.map((id) => message(id, { attempt })),
    );

  it('is handled alone, after all the others are settled', async () => {
    const [suspect, other, third] = [newId(), newId(), newId()];
    await putRecord(suspect, DIED);
    let running = 0;
    const handler: Handler = async (event) => {
      running += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (event.id === suspect) {
        expect(running).toBe(1);
        for (const id of [other, third]) {
          expect(await recordOf(id)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED/) } });
        }
      }
      running -= 1;
    };
    expect(await deliver(handler, [suspect, other, third])).toEqual([]);
    expect(await recordOf(suspect)).toMatchObject({ attempts: { N: '2' }, alone: { BOOL: true } });
  });

  it('comes after those that were tried less, and an attempt is counted only as it begins', async () => {
    const [often, once] = [newId(), newId()];
    await putRecord(often, { ...DIED, attempts: 2 });
    await putRecord(once, DIED);
    const order: string[] = [];
    const handler: Handler = async (event) => {
      order.push(event.id);
      if (event.id === once) expect(await recordOf(often)).toMatchObject({ attempts: { N: '2' } });
    };
    expect(await deliver(handler, [often, once])).toEqual([]);
    expect(order).toEqual([once, often]);
  });

  it('is handled though the topic is silent about what others have emitted', async () => {
    const [other, emits, last] = [newId(), newId(), newId()];
    for (const id of [emits, last]) await putRecord(id, DIED);
    const handled: string[] = [];
    const handler: Handler = ({ id }, ctx) => {
      handled.push(id);
      if (id !== last) ctx.emit(Answered, { n: 1 });
    };
    const records = [other, emits, last].map((id) => message(id, { attempt: 2 }));
    const returned = await run(setup(consumer, handler, { publisher: SILENT }), records, 4_000);
    expect(handled).toEqual([other, emits, last]);
    expect(returned).toEqual(records.slice(0, 2).map(({ messageId }) => messageId));
    for (const id of [other, emits]) expect(await recordOf(id)).toMatchObject({ status: { S: 'COMMITTED' } });
  });

  it('has an attempt alone, however often its process died with others in it', async () => {
    const id = newId();
    await putRecord(id, { ...DIED, attempts: MAX + 5, alone: false });
    expect(await deliver(() => undefined, [id])).toEqual([]);
    expect(deadLetters()).toEqual([]);
  });

  it('is given up unhandled once it has ended its process alone as often as it may', async () => {
    const id = newId();
    await putRecord(id, { ...DIED, attempts: MAX, alone: true });
    let handled = 0;
    expect(await deliver(() => void handled++, [id])).toEqual([]);
    expect(handled).toBe(0);
    expect(deadLetters()).toMatchObject([{ id, errorName: 'ProcessDiedError' }]);
    expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: String(MAX) } });
  });
});

it('a suspect whose handler has run is no suspect any more, though it has to wait', async () => {
  const id = newId();
  await putRecord(id, DIED);
  const later: Handler = () => {
    throw new NotYetError('its saga has not begun');
  };
  expect(await run(setup(claimer, later), [message(id, { attempt: 2 })])).toHaveLength(1);
  expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '1' } });
});

it('a suspect is not even claimed when the others have taken all the time', async () => {
  const [slow, suspect] = [newId(), newId()];
  await putRecord(suspect, DIED);
  const endless: Handler = () => new Promise(() => undefined);
  expect(
    await run(setup(claimer, endless), [message(slow), message(suspect, { attempt: 2 })], 1_000),
  ).toHaveLength(2);
  // No more than the request that has found the record.
  expect(await recordOf(suspect)).toMatchObject({ owner: { S: 'another' }, attempts: { N: '1' } });
  expect(seen.reports[0]?.items[1]?.outcome).toEqual({
    status: 'released',
    error: expect.any(NotBegunError),
  });
});

describe('on a FIFO queue, a suspect', () => {
  it('waits behind an earlier event of its group that comes again', async () => {
    const [first, suspect] = [newId(), newId()];
    await putRecord(suspect, DIED);
    const handled: string[] = [];
    const handler: Handler = (event) => {
      handled.push(event.id);
      throw new Error('no');
    };
    const records = [first, suspect].map((id) => message(id, { group: 'g', attempt: 2 }));
    expect(await run(setup(claimer, handler), records)).toHaveLength(2);
    expect(handled).toEqual([first]);
    expect(await recordOf(suspect)).toMatchObject({ attempts: { N: '1' }, status: { S: 'IN_PROGRESS' } });
  });

  it('that comes again keeps back what is after it, though an event between them is done', async () => {
    const [suspect, done, next] = [newId(), newId(), newId()];
    await putRecord(suspect, DIED);
    await putRecord(done, { status: 'COMPLETED' });
    const handled: string[] = [];
    const handler: Handler = (event) => {
      handled.push(event.id);
      throw new Error('no');
    };
    const records = [suspect, done, next].map((id) => message(id, { group: 'g', attempt: 2 }));
    expect(await run(setup(claimer, handler), records)).toHaveLength(2);
    expect(handled).toEqual([suspect]);
  });

  it('is handled before the rest of its group, which waits for it', async () => {
    const [suspect, next] = [newId(), newId()];
    await putRecord(suspect, DIED);
    const handled: string[] = [];
    const handler: Handler = (event) => {
      handled.push(event.id);
      if (event.id === suspect) throw new Error('no');
    };
    const records = [suspect, next].map((id) => message(id, { group: 'g', attempt: 2 }));
    expect(await run(setup(claimer, handler), records)).toHaveLength(2);
    expect(handled).toEqual([suspect]);
    expect(await recordOf(next)).toMatchObject({ attempts: { N: '0' } });
  });
});

it('suspects for which there is no time are given back together', async () => {
  const ids = Array.from({ length: 12 }, newId);
  for (const id of ids) await putRecord(id, DIED);
  let handled = 0;
  const handler: Handler = async () => {
    handled += 1;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  };
  const records = ids.map((id) => message(id, { attempt: 2 }));
  expect(await run(setup(claimer, handler), records, 2_000)).toHaveLength(12);
  expect(handled).toBe(1);
  const pauses = seen.sqsCommands.filter((command) => command instanceof ChangeMessageVisibilityBatchCommand);
  // One for that which has begun, and eleven in two requests.
  expect(pauses).toHaveLength(3);
});

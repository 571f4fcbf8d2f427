import { describe, expect, it } from 'vitest';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { type Handlers, handlerMap } from '../../../lib/runtime/consume.ts';
import { countMessages } from '../../../lib/runtime/telemetry/count.ts';
import {
  Answered,
  Asked,
  BOTH,
  claimer,
  deadLetters,
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

const ERASED = '2026-11-27T06:00:00.000Z';

/** A message with an event that has this and no more. */
const saying = (id: string, event: Partial<Envelope>) =>
  message(id, {
    body: JSON.stringify({ specversion: '1.0', id, source: '/test', type: 'test.Asked.v1', ...event }),
  });
const whole = (id: string) => saying(id, { data: { n: 1 }, subject: 'ada' });
const erased = (id: string) => saying(id, { erased: ERASED });
const lastCounts = () => seen.reports.map((report) => countMessages(report)).at(-1);

describe.each(BOTH)('with effects: %s, an event whose data was erased', (_effects, consumer) => {
  const handled: unknown[] = [];
  const handler: Handler = (event, context) => {
    handled.push(event.data);
    return consumer === claimer ? undefined : emitAndCommit(event, context);
  };

  it('is acknowledged without its handler, leaves no record, and is counted', async () => {
    const id = newId();
    handled.length = 0;
    expect(await run(setup(consumer, handler), [erased(id), whole(newId())])).toEqual([]);
    expect(handled).toEqual([{ n: 1 }]);
    expect(deadLetters()).toEqual([]);
    expect(await recordOf(id)).toBeUndefined();
    expect(lastCounts()).toEqual({
      received: 2,
      completed: 1,
      duplicates: 0,
      erased: 1,
      retried: 0,
      deadLettered: 0,
      failed: 0,
    });
  });

  it('is no conflict with the event that was handled under its identity', async () => {
    const id = newId();
    await run(setup(consumer, handler), [whole(id)]);
    expect(await run(setup(consumer, handler), [erased(id)])).toEqual([]);
    expect(deadLetters()).toEqual([]);
    expect((await recordOf(id))?.status?.S).toMatch(/^COM/);
  });

  it('does not take the place of the whole event in one batch', async () => {
    const id = newId();
    handled.length = 0;
    expect(await run(setup(consumer, handler), [erased(id), whole(id)])).toEqual([]);
    expect(handled).toEqual([{ n: 1 }]);
  });

  it('is an event as every other when it has data: an attribute of this name is not enough', async () => {
    handled.length = 0;
    await run(setup(consumer, handler), [saying(newId(), { erased: ERASED, data: { n: 3 } })]);
    expect(handled).toEqual([{ n: 3 }]);
  });
});

describe.each(['claim', 'commit'] as const)("with effects: %s and erased: 'handle'", (effects) => {
  const consumer = defineConsumer({
    name: 'forgetful',
    description: 'Tests.',
    listensTo: [Asked],
    emits: [Answered],
    tables: { effects: { partitionKey: 'id' } },
    erased: 'handle',
    effects,
  });
  const got: unknown[] = [];
  const nothing: Handler = () => undefined;
  const handler: Handlers<typeof consumer>['test.Asked'] = async (event, context) => {
    // Only an event that was not erased has data for the compiler.
    got.push(event.erased === undefined ? event.data.n : { erased: event.erased, data: event.data });
    if (effects === 'commit') await context.commit([]);
  };
  const forgetful = () => ({
    ...setup(consumer, nothing),
    handlers: handlerMap<typeof consumer>({ 'test.Asked': handler }, undefined),
  });

  it('the handler gets it with the time, without data, once', async () => {
    const id = newId();
    got.length = 0;
    expect(await run(forgetful(), [erased(id)])).toEqual([]);
    expect(got).toEqual([{ erased: ERASED, data: undefined }]);
    expect(await run(forgetful(), [erased(id)])).toEqual([]);
    expect((await recordOf(id))?.status?.S).toMatch(/^COMPLETED/);
    expect(lastCounts()).toMatchObject({ duplicates: 1, erased: 0 });
  });

  it('it is a duplicate of the event that was handled before', async () => {
    const id = newId();
    await run(forgetful(), [whole(id)]);
    expect(await run(forgetful(), [erased(id)])).toEqual([]);
    expect(deadLetters()).toEqual([]);
    expect(lastCounts()).toMatchObject({ duplicates: 1, deadLettered: 0 });
  });
});

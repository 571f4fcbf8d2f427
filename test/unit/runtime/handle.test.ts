import { expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { DataUnavailableError, NotBegunError } from '../../../lib/runtime/errors.ts';
import { knownTypes, readEvent } from '../../../lib/runtime/event/read-event.ts';
import type { EventContext } from '../../../lib/runtime/handling/context.ts';
import { handle } from '../../../lib/runtime/handling/handle.ts';

const Reviewed = defineEvent({
  type: 'library.Reviewed',
  version: 1,
  description: 'A book was reviewed.',
  data: z.object({ stars: z.int() }),
  links: ['https://reviews.example/'],
});

const linked = {
  specversion: '1.0',
  id: '1',
  source: '/library',
  type: 'library.Reviewed.v1',
  dataref: 'https://reviews.example/1',
};

/** Handles an event whose data is not there, for this reason. */
async function handleWithout(data: Error) {
  let closed = false;
  const context = { close: () => (closed = true), signal: new AbortController().signal };
  const read = readEvent({ body: JSON.stringify(linked) } as never, knownTypes([Reviewed]));
  const outcome = await handle(read, context as unknown as EventContext, {
    handler: () => expect.unreachable('there is nothing to handle'),
    deadline: { passed: () => false, race: (promise: Promise<unknown>) => promise } as never,
    eventData: { fetchData: () => Promise.reject(data), follow: () => Promise.reject(data) },
    acquireSlot: undefined,
    stop: undefined,
  });
  return { outcome, closed };
}

it('buries an event whose data is gone for good, with the reason', async () => {
  const gone = new DataUnavailableError('the data of the event is gone');
  expect(await handleWithout(gone)).toEqual({
    outcome: { status: 'deadLettered', error: gone, digests: [] },
    closed: true,
  });
});

it('releases an event whose data cannot be read now, with the reason', async () => {
  const silent = new Error('S3 does not answer');
  expect(await handleWithout(silent)).toEqual({
    outcome: { status: 'released', error: silent },
    closed: true,
  });
});

it('begins no handler when another one has kept the processor until the end of the time', async () => {
  const context = { close: () => undefined, signal: new AbortController().signal } as unknown as EventContext;
  const whole = { ...linked, dataref: undefined, data: { stars: 5 } };
  const read = readEvent({ body: JSON.stringify(whole) } as never, knownTypes([Reviewed]));
  const outcome = await handle(read, context, {
    handler: () => expect.unreachable('there is no time left'),
    deadline: { passed: () => true, race: (promise: Promise<unknown>) => promise } as never,
    eventData: { fetchData: () => expect.unreachable(), follow: () => expect.unreachable() },
    acquireSlot: undefined,
    stop: undefined,
  });
  expect(outcome).toEqual({ status: 'released', error: expect.any(NotBegunError) });
});

it('waits for the data before the slot, which is a time to begin at', async () => {
  const steps: string[] = [];
  const done = async (step: string) => void steps.push(step);
  const context = { close: () => undefined, signal: new AbortController().signal } as unknown as EventContext;
  const read = readEvent({ body: JSON.stringify(linked) } as never, knownTypes([Reviewed]));
  await handle(read, context, {
    handler: () => done('handler'),
    deadline: { passed: () => false, race: (promise: Promise<unknown>) => promise } as never,
    eventData: {
      fetchData: () => done('data').then(() => ({ data: { stars: 5 } })),
      follow: () => expect.unreachable(),
    },
    acquireSlot: () => done('slot'),
    stop: undefined,
  });
  expect(steps).toEqual(['data', 'slot', 'handler']);
});

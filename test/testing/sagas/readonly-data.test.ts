import { defineEvent, defineSaga } from 'fanfare/contracts';
import { sagaHandlers } from 'fanfare/saga';
import { testConsumer } from 'fanfare/testing';
import { expect, it } from 'vitest';
import * as z from 'zod';

/** zod freezes what `.readonly()` is of, and not what is in it. */
const list = z.object({ deep: z.array(z.array(z.int())) }).readonly();
const Begun = defineEvent({
  type: 'test.Begun',
  version: 1,
  description: 'A test event.',
  data: z.object({ id: z.string(), list }),
});
const saga = defineSaga({
  name: 'changes',
  description: 'Is changed in place.',
  startedBy: [Begun],
  steps: ['begun'],
  ends: ['over'],
  state: z.object({ list }),
  correlate: 'id',
});

it.each([
  ['its attributes', (event: object) => Object.assign(event, { subject: 'another' })],
  ['its data', (event: { data: object }) => Object.assign(event.data, { id: 'another' })],
  ['a list of its data', (event: Changed) => event.data.list.deep.push([2])],
  ['a list in a list of its data', (event: Changed) => event.data.list.deep[0]?.push(2)],
  ['a list of the saga', (_: object, { data }: Changed) => data.list.deep.push([2])],
  ['a list in a list of the saga', (_: object, { data }: Changed) => data.list.deep[0]?.push(2)],
])('an event that is changed in place by a transition has failed: %s', async (_, change) => {
  const consumer = testConsumer(
    saga,
    sagaHandlers(saga, {
      new: {
        'test.Begun': (event, saga) => {
          saga.goTo('begun', { list: event.data.list });
          // The compiler refuses it.
          Reflect.apply(change, undefined, [event, saga]);
        },
      },
      begun: { 'test.Begun': 'ignore' },
      over: 'ignore',
    }),
  );
  const { error, effects } = await consumer.receive({
    type: 'test.Begun',
    data: { id: '1', list: { deep: [[1]] } },
  });
  expect(error).toBeInstanceOf(TypeError);
  expect(error?.message).toMatch(/not extensible|read only/);
  expect(effects).toEqual([]);
});

/** An event or a saga, to a program that the compiler has not checked. */
interface Changed {
  readonly data: { readonly list: { readonly deep: number[][] } };
}

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  BOTH,
  claimer,
  client,
  commitEffect,
  committer,
  deadLetters,
  effectsOf,
  type Handler,
  message,
  newId,
  PUBLISHES,
  putRecord,
  recordOf,
  run,
  seen,
  setup,
  sqsThat,
  useRig,
} from './rig.ts';

useRig();

const getter = (name: 'name' | 'message' | 'stack') =>
  Object.defineProperty(new Error('x'), name, {
    get: () => {
      throw new Error('no');
    },
  });
const proxy = new Proxy(
  {},
  {
    getPrototypeOf: () => {
      throw new Error('no');
    },
    ownKeys: () => {
      throw new Error('no');
    },
  },
);

/** Anything that user code may throw. */
const THROWN: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'a text'],
  ['a number', 7],
  ['a symbol', Symbol('sign')],
  ['an object without a prototype', Object.create(null)],
  ['an object that cannot be made a string', { toString: null }],
  ['an Error whose message is a number', Object.assign(new Error('x'), { message: 5 })],
  ['an Error whose message has no text', Object.assign(new Error('x'), { message: Object.create(null) })],
  ['an Error whose name is an object', Object.assign(new Error('x'), { name: {} })],
  ['an Error whose name throws', getter('name')],
  ['an Error whose message throws', getter('message')],
  ['an Error whose stack throws', getter('stack')],
  ['an Error that is its own cause', selfCaused()],
  ['an Error with half an emoji at the cut', new Error(`${'x'.repeat(255)}\u{1F600}`)],
  ['an Error with lone surrogates', new Error('\uD83D and \uDE00')],
  ['a proxy that throws', proxy],
  ['a proxy of an Error that throws when it is asked again', proxyThatThrowsLater()],
];

/** It throws when it is asked for its class a second time. */
function proxyThatThrowsLater(): unknown {
  let asked = 0;
  return new Proxy(new PermanentError('x'), {
    getPrototypeOf: (target) => {
      if (asked++ > 0) throw new Error('no');
      return Object.getPrototypeOf(target);
    },
  });
}

function selfCaused(): Error {
  const error = new Error('round');
  error.cause = error;
  return error;
}

describe.each(BOTH)('with effects: %s, a handler that throws', (_, definition) => {
  it.each(THROWN)('%s fails alone, and its reason is noted', async (_name, thrown) => {
    const [bad, good] = [newId(), newId()];
    const handler: Handler = async (event, ctx) => {
      if (event.id === bad) throw thrown;
      await commitEffect(event, ctx);
    };
    const records = [message(bad), message(good)];
    expect(await run(setup(definition, handler), records)).toEqual([records[0]?.messageId]);
    expect(await effectsOf(good)).toBe(1);
    expect((await recordOf(bad))?.error?.M?.message?.S).toEqual(expect.any(String));
  });

  it.each(THROWN)(
    '%s at its last attempt ends in the dead-letter queue with its reason',
    async (_name, thrown) => {
      const id = newId();
      const once = defineConsumer({ ...definition, retry: { maxAttempts: 1 } });
      expect(
        await run(
          setup(once, () => Promise.reject(thrown)),
          [message(id)],
        ),
      ).toEqual([]);
      expect(deadLetters()).toMatchObject([{ id, errorName: expect.stringMatching(/./) }]);
      expect(deadLetters()[0]?.errorMessage.isWellFormed()).toBe(true);
    },
  );
});

describe('a record that cannot be read', () => {
  it.each([
    ['has an unknown status', { status: { S: 'WEIRD' } }],
    ['has no status', {}],
    ['has a status that is a number', { status: { N: '1' } }],
  ])('because it %s fails its event alone', async (_name, attributes) => {
    const [bad, good] = [newId(), newId()];
    const Item = { id: { S: `/test|${bad}` }, leaseUntil: { N: '1' }, ...attributes };
    await client.send(new PutItemCommand({ TableName: 'records', Item }));
    const records = [message(bad), message(good)];
    expect(await run(setup(claimer, commitEffect), records)).toEqual([records[0]?.messageId]);
    expect(await effectsOf(good)).toBe(1);
  });

  it.each([
    ['for a consumer that emits nothing any more', '{"id":"x"}', undefined],
    ['that is no JSON', '{', PUBLISHES],
    ['that is null', 'null', PUBLISHES],
    ['that is no event', '{}', PUBLISHES],
  ])('an outbox %s fails its event alone', async (_name, text, publisher) => {
    const [bad, good] = [newId(), newId()];
    await putRecord(bad, { status: 'COMMITTED' });
    const outbox = { L: [{ S: text }] };
    const Item = { ...(await recordOf(bad)), id: { S: `/test|${bad}` }, outbox };
    await client.send(new PutItemCommand({ TableName: 'records', Item }));
    const records = [message(bad), message(good)];
    const consumer = setup(claimer, commitEffect, { publisher });
    expect(await run(consumer, records)).toEqual([records[0]?.messageId]);
    expect(await effectsOf(good)).toBe(1);
  });
});

it.each([
  ['none', {}],
  ['a text', { outbox: { S: '{}' } }],
  ['an empty list', { outbox: { L: [] } }],
  ['a list of something else', { outbox: { L: [{ N: '4' }] } }],
])('a record that is committed and has as its outbox %s is not acknowledged', async (_name, attributes) => {
  const id = newId();
  await putRecord(id, { status: 'COMMITTED' });
  const { outbox: _outbox, ...record } = (await recordOf(id)) ?? {};
  await client.send(new PutItemCommand({ TableName: 'records', Item: { ...record, ...attributes } }));
  for (const definition of [claimer, committer]) {
    expect(await run(setup(definition, commitEffect), [message(id)])).toHaveLength(1);
  }
});

describe('what a handler does to what it was given stays with it:', () => {
  it('the names of the tables', async () => {
    const [bad, good] = [newId(), newId()];
    const handler: Handler = async (event, ctx) => {
      if (event.id === bad) Object.assign(ctx.tables, { effects: 'records' });
      else await new Promise((resolve) => setTimeout(resolve, 20));
      if (event.id === good) await commitEffect(event, ctx);
    };
    expect(await run(setup(claimer, handler), [message(bad), message(good)])).toEqual([]);
    expect(await effectsOf(good)).toBe(1);
  });

  it('the identity of the event, which the ids of emitted events follow from', async () => {
    const ids = [newId(), newId()];
    const handler: Handler = (event, ctx) => {
      Object.assign(event, { id: 'evil', correlationid: 'evil' });
      ctx.emit(Answered, { n: 1 });
    };
    await run(
      setup(claimer, handler),
      ids.map((id) => message(id)),
    );
    expect(seen.published.map(({ causationid }) => causationid)).toEqual(ids);
    expect(new Set(seen.published.map(({ id }) => id)).size).toBe(2);
  });
});

describe('the batch is answered, and what is not finished comes again', () => {
  const emitting: Handler = async (event, ctx) => {
    ctx.emit(Answered, { n: 1 });
    await commitEffect(event, ctx);
  };
  const broken = (what: string) => () => {
    throw new Error(`${what} is broken`);
  };
  const rejecting = (what: string) => () => Promise.reject(new Error(`${what} is broken`));
  const table = (send: () => Promise<never>) => ({ send }) as unknown as ConsumerSetup['ports']['dynamodb'];
  const changes: readonly (readonly [string, Partial<ConsumerSetup['ports']>])[] = [
    ['the table rejects', { dynamodb: table(rejecting('the table')) }],
    ['the table throws', { dynamodb: table(broken('the table')) }],
    ['the topic rejects', { publisher: { ...PUBLISHES, publish: rejecting('the topic') } }],
    ['the topic throws', { publisher: { ...PUBLISHES, publish: broken('the topic') } }],
    ['the topic answers too little', { publisher: { ...PUBLISHES, publish: async () => [] } }],
    ['there is no chance', { random: broken('chance') }],
    ['the sleep throws', { clock: { now: systemClock.now, sleep: () => new Promise(() => undefined) } }],
  ];

  it.each(changes)('when %s', async (_name, change) => {
    const records = [message(newId()), message(newId())];
    expect(await run(setup(claimer, emitting, change), records)).toEqual(expect.any(Array));
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    ['answers nothing', async () => ({})],
    [
      'refuses each entry',
      async () => ({
        Failed: [{ Id: '0', Code: 'InvalidMessageContents', Message: 'no', SenderFault: true }],
      }),
    ],
  ])('when the dead-letter queue %s, and the reason is told', async (_name, answer) => {
    const record = message(newId());
    const consumer = setup(claimer, () => Promise.reject(new PermanentError('no')), {
      sqs: sqsThat(answer),
    });
    expect(await run(consumer, [record])).toEqual([record.messageId]);
    expect(seen.reports[0]?.refused.get(record.messageId)).toMatch(/./);
  });

  it('when there is no handler for an event', async () => {
    const consumer = { ...setup(claimer, commitEffect), handlers: new Map() };
    expect(await run(consumer, [message(newId())])).toHaveLength(1);
  });

  it.each(['begin', 'report', 'loggerFor'] as const)('when telemetry throws in %s', async (method) => {
    const consumer = setup(claimer, async (event, ctx) => {
      await commitEffect(event, ctx);
      throw new Error('after the commit, which is logged');
    });
    const telemetry = { ...consumer.telemetry, [method]: broken(method) };
    expect(await run({ ...consumer, telemetry }, [message(newId())])).toEqual([]);
  });
});

it('dead letters are sent in requests that SQS takes: ten entries, and 1 MiB in all', async () => {
  const large = 'x'.repeat(250_000);
  const never: Handler = () => Promise.reject(new PermanentError('no'));
  const records = [
    ...Array.from({ length: 9 }, () => withText(newId(), large)),
    ...Array.from({ length: 3 }, () => message(newId())),
  ];
  expect(await run(setup(claimer, never), records)).toEqual([]);
  const sizes = seen.sqsCommands.map((command) => JSON.stringify(command).length);
  expect(deadLetters()).toHaveLength(records.length);
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThan(1_100_000);
});

function withText(id: string, text: string) {
  const event = { specversion: '1.0', id, source: '/test', type: 'test.Asked.v1', text, data: { n: 1 } };
  return message(id, { body: JSON.stringify(event) });
}

it('says of an event that emits more than a record can hold how much that is', async () => {
  const id = newId();
  const handler: Handler = (_event, ctx) => {
    for (let n = 0; n < 4; n++) ctx.emit(Answered, { n }, { subject: 'x'.repeat(100_000) });
  };
  expect(await run(setup(claimer, handler), [message(id)])).toHaveLength(1);
  expect((await recordOf(id))?.error?.M?.message?.S).toMatch(/have \d+ bytes together; at most 390000/);
});

it('a handler that keeps the processor until the end of the time costs no other an attempt', async () => {
  const [busy, ...others] = [newId(), newId(), newId()];
  const handled: string[] = [];
  const handler: Handler = (event) => {
    handled.push(event.id);
    for (const end = Date.now() + 2_000; Date.now() < end; );
  };
  const records = [busy, ...others].map((id) => message(id ?? ''));
  await run(setup(claimer, handler), records, 2_000);
  expect(handled).toEqual([busy]);
  for (const id of others) expect(await recordOf(id)).toMatchObject({ attempts: { N: '0' } });
});

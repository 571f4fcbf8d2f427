import { describe, expect, expectTypeOf, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { handlerMap } from '../../../lib/runtime/consume.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import type { Around } from '../../../lib/runtime/handling/around.ts';
import {
  claimer,
  commitEffect,
  committer,
  deadLetters,
  effectsOf,
  type Handler,
  message,
  newId,
  run,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

/** The runtime under test, with something around its handler. */
function around(wrap: Around<typeof claimer>, handler: Handler, definition = claimer): ConsumerSetup {
  const handlers = handlerMap<typeof claimer>({ 'test.Asked': handler }, wrap);
  return { ...setup(definition, handler), handlers };
}
const sleep = (milliseconds: number) => systemClock.sleep(milliseconds);
/** What a late call of next() has come to. */
let late: Promise<void> | undefined;
const outcomeOf = () => seen.reports.at(-1)?.items.map(({ outcome }) => outcome);

describe('what is around a handler', () => {
  it('runs before and after it, with the event and its context', async () => {
    const order: string[] = [];
    const id = newId();
    const wrap: Around<typeof claimer> = async (event, ctx, next) => {
      order.push(`before ${event.data.n} ${ctx.attempt}`);
      await next();
      order.push('after');
    };
    const consumer = around(
      wrap,
      async (event, ctx) => {
        order.push('handler');
        await commitEffect(event, ctx);
      },
      committer,
    );
    expect(await run(consumer, [message(id)])).toEqual([]);
    expect(order).toEqual([expect.stringMatching(/^before \d+ 1$/), 'handler', 'after']);
    expect(await effectsOf(id)).toBe(1);
  });

  it.each([
    ['before its handler', async () => Promise.reject(new Error('mine'))],
    [
      'after its handler',
      async (_event: unknown, _ctx: unknown, next: () => Promise<void>) => {
        await next();
        throw new Error('mine');
      },
    ],
  ])('fails its own event alone when it throws %s', async (_, wrap) => {
    const [bad, good] = [message(newId()), message(newId())];
    const only: Around<typeof claimer> = (event, ctx, next) =>
      event.id === JSON.parse(bad.body).id ? wrap(event, ctx, next) : next();
    expect(
      await run(
        around(only, () => undefined),
        [bad, good],
      ),
    ).toEqual([bad.messageId]);
    expect(
      outcomeOf()
        ?.map((one) => one?.status)
        .toSorted(),
    ).toEqual(['completed', 'failed']);
  });

  it('may say that a failure is final', async () => {
    const wrap: Around<typeof claimer> = (_event, _ctx, next) =>
      next().catch((cause: unknown) => {
        throw new PermanentError('no use', { cause });
      });
    expect(
      await run(
        around(wrap, () => Promise.reject(new Error('no'))),
        [message(newId())],
      ),
    ).toEqual([]);
    expect(deadLetters()).toMatchObject([{ errorName: 'PermanentError', errorMessage: 'no use' }]);
  });

  it('cannot make a failure of the handler a success', async () => {
    const failing: Handler = () => Promise.reject(new Error('the handler failed'));
    const swallow: Around<typeof claimer> = (_event, _ctx, next) => next().catch(() => undefined);
    const forget: Around<typeof claimer> = async (_event, _ctx, next) => void next().catch(() => undefined);
    for (const wrap of [swallow, forget]) {
      const record = message(newId());
      expect(await run(around(wrap, failing), [record])).toEqual([record.messageId]);
      expect(outcomeOf()).toMatchObject([{ status: 'failed', error: { message: 'the handler failed' } }]);
    }
  });

  it('has to call the handler, and once', async () => {
    const calls: string[] = [];
    const handler: Handler = ({ id }) => void calls.push(id);
    expect(
      await run(
        around(async () => undefined, handler),
        [message(newId())],
      ),
    ).toHaveLength(1);
    expect(outcomeOf()).toMatchObject([
      { error: { message: expect.stringContaining('without calling next()') } },
    ]);
    const twice: Around<typeof claimer> = async (_event, _ctx, next) => {
      await next();
      await next();
    };
    expect(await run(around(twice, handler), [message(newId())])).toHaveLength(1);
    expect(outcomeOf()).toMatchObject([{ error: { message: expect.stringContaining('next() twice') } }]);
    expect(calls).toHaveLength(1);
  });

  it('waits for a handler that it has not awaited', async () => {
    let ended = false;
    const wrap: Around<typeof claimer> = async (_event, _ctx, next) => void next();
    const slow: Handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended = true;
    };
    expect(await run(around(wrap, slow), [message(newId())])).toEqual([]);
    expect(ended).toBe(true);
  });

  it('fails its event only after the handler has ended', async () => {
    let ended = false;
    const impatient: Around<typeof claimer> = (_event, _ctx, next) =>
      Promise.race([next(), Promise.reject(new Error('too slow'))]);
    const slow: Handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended = true;
    };
    const record = message(newId());
    expect(await run(around(impatient, slow), [record])).toEqual([record.messageId]);
    expect(outcomeOf()).toMatchObject([{ status: 'failed', error: { message: 'too slow' } }]);
    expect(ended).toBe(true);
  });

  it.each<[string, Around<typeof claimer>]>([
    [
      'after it has returned',
      async (_event, _ctx, next) => {
        late = sleep(20).then(next);
      },
    ],
    [
      'after it has thrown',
      (_event, _ctx, next) => {
        late = sleep(20).then(next);
        return Promise.reject(new Error('too slow'));
      },
    ],
    [
      'after the time of handlers is over',
      (_event, _ctx, next) => {
        late = sleep(1_000).then(next);
        return late;
      },
    ],
  ])('begins no handler %s, and is told so', async (_, wrap) => {
    const record = message(newId());
    let begun = 0;
    const consumer = around(wrap, () => void begun++);
    expect(await run(consumer, [record], 800)).toEqual([record.messageId]);
    await expect(late).rejects.toMatchObject({
      name: 'HandlerEndedError',
      message: expect.stringMatching(/^next\(\) was called after the handler had ended or its time was over/),
    });
    expect(begun).toBe(0);
  });

  it('begins no handler when its process was suspended until the time of handlers was over', async () => {
    let suspendedMs = 0;
    let begun = 0;
    const wrap: Around<typeof claimer> = (_event, _ctx, next) => {
      suspendedMs = 60_000;
      return next();
    };
    const consumer = around(wrap, () => void begun++);
    const clock = { ...systemClock, now: () => systemClock.now() + suspendedMs };
    await run({ ...consumer, ports: { ...consumer.ports, clock } }, [message(newId())]);
    expect(outcomeOf()).toMatchObject([{ status: 'failed', error: { name: 'HandlerEndedError' } }]);
    expect(begun).toBe(0);
  });

  it('ends no process with a late call that nobody awaits', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const wrap: Around<typeof claimer> = async (_event, _ctx, next) => void setTimeout(() => void next(), 5);
    await run(
      around(wrap, () => undefined),
      [message(newId())],
    );
    await sleep(20);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('has types: events of the definition, and its tables', () => {
    expectTypeOf<Parameters<Around<typeof claimer>>[0]['data']>().toEqualTypeOf<{ n: number }>();
    expectTypeOf<keyof Parameters<Around<typeof claimer>>[1]['tables']>().toEqualTypeOf<'effects'>();
  });
});

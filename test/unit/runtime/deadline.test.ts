import { describe, expect, it } from 'vitest';
import { createDeadline, withinTime } from '../../../lib/runtime/deadline.ts';
import { DeadlineExceededError, OutOfTimeError } from '../../../lib/runtime/errors.ts';

interface Sleeper {
  readonly until: number;
  readonly ref: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  readonly wake: () => void;
}

/** A clock that stands still until it is set, and knows who sleeps on it. */
function clockAt(start: number) {
  let now = start;
  const sleepers: Sleeper[] = [];
  return {
    sleepers,
    now: () => now,
    sleep: (
      milliseconds: number,
      { ref, signal }: { readonly ref?: boolean; readonly signal?: AbortSignal } = {},
    ) =>
      new Promise<void>((wake) => {
        sleepers.push({ until: now + milliseconds, ref, signal, wake });
      }),
    set: async (time: number) => {
      now = time;
      for (const { until, wake } of sleepers) if (until <= now) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the time of an invocation', () => {
  it.each([
    ['with two seconds kept back', 60_000, [59_000, 60_000, 60_500, 60_800, 61_000]],
    ['or a fifth of a short one', 1_000, [1_800, 1_900, 1_950, 1_980, 2_000]],
  ])('ends in steps, %s', (_, remainingMs, expected) => {
    const deadline = createDeadline(clockAt(1_000), remainingMs);
    const { handlersEndAt, publishingEndsAt, settlingEndsAt, requestsEndAt, endsAt } = deadline;
    const steps = [handlersEndAt, publishingEndsAt, settlingEndsAt, requestsEndAt, endsAt];
    expect(steps).toEqual(expected);
  });

  it('is over for handlers at their end, and not before: their signal fires, and they are not waited for', async () => {
    const clock = clockAt(0);
    const deadline = createDeadline(clock, 10_000);
    const raced = deadline.race(new Promise(() => undefined));
    raced.catch(() => undefined);
    await clock.set(7_999);
    expect([deadline.passed(), deadline.signal.aborted]).toEqual([false, false]);
    await clock.set(8_000);
    expect([deadline.passed(), deadline.signal.aborted]).toEqual([true, true]);
    expect(deadline.signal.reason).toEqual(new DeadlineExceededError(8_000));
    await expect(raced).rejects.toThrow(DeadlineExceededError);
  });

  it('keeps the process until the batch has ended, and ends none when nobody waits for it', async () => {
    const clock = clockAt(0);
    const deadline = createDeadline(clock, 10_000);
    expect(clock.sleepers).toMatchObject([{ ref: undefined, signal: { aborted: false } }]);
    deadline.end();
    expect(clock.sleepers).toMatchObject([{ signal: { aborted: true } }]);
    // A rejection that nobody handles fails the run.
    await clock.set(10_000);
  });
});

describe('a request within its time', () => {
  it('is answered, and then nobody waits for the end of the time', async () => {
    const clock = clockAt(0);
    expect(await withinTime(clock, 100, async () => 'answer', 'it')).toBe('answer');
    expect(clock.sleepers.map(({ signal }) => signal?.aborted)).toEqual([true]);
    // A rejection that nobody handles fails the run.
    await clock.set(100);
  });

  it('ends with whatever it throws at once, and then nobody waits either', async () => {
    const clock = clockAt(0);
    const broken = () => {
      throw new TypeError('no such table');
    };
    await expect(withinTime(clock, 100, broken, 'it')).rejects.toThrow('no such table');
    await clock.set(100);
  });

  it('is told to end when the time is over, and not waited for', async () => {
    const clock = clockAt(0);
    let signal: AbortSignal | undefined;
    const request = (its: AbortSignal) => {
      signal = its;
      return new Promise(() => undefined);
    };
    const answer = withinTime(clock, 100, request, 'the table');
    answer.catch(() => undefined);
    await clock.set(99);
    expect(signal?.aborted).toBe(false);
    await clock.set(100);
    expect(signal?.reason).toBeInstanceOf(OutOfTimeError);
    await expect(answer).rejects.toThrow('the table');
  });

  it('has a moment of grace, where it is given one, to say what it has done', async () => {
    const clock = clockAt(0);
    let say = (_: string): void => undefined;
    const answer = withinTime(clock, 100, () => new Promise<string>((resolve) => (say = resolve)), 'it', 50);
    await clock.set(100);
    await clock.set(149);
    say('as far as this');
    expect(await answer).toBe('as far as this');
    expect(clock.sleepers.map(({ ref, signal }) => [ref, signal?.aborted])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it('has no time at all when it begins too late, not less', () => {
    const clock = clockAt(500);
    withinTime(clock, 100, () => new Promise(() => undefined), 'it').catch(() => undefined);
    expect(clock.sleepers).toMatchObject([{ until: 500, ref: false }]);
  });
});

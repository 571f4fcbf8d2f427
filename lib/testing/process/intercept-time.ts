import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { currentScope, type HandlerScope } from './handler-scope.ts';

/** Gives handlers the test's time: `Date`, `setTimeout` and that of `node:timers/promises`. */
export function interceptTime(): () => void {
  const originals = {
    Date: globalThis.Date,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    sleep: timersPromises.setTimeout,
  };
  const FakeDate = dateOfScope(originals.Date);
  const setFake = fakeSetTimeout(originals.setTimeout);
  const clearFake = (timer: unknown): void => {
    if (timer instanceof FakeTimer) timer.cancel();
    else Reflect.apply(originals.clearTimeout, globalThis, [timer]);
  };
  const sleepFake = (milliseconds?: number, value?: unknown, options?: { signal?: AbortSignal }): unknown => {
    const scope = currentScope();
    return scope
      ? sleep(scope, milliseconds ?? 0, value, options?.signal)
      : Reflect.apply(originals.sleep, timersPromises, [milliseconds, value, options]);
  };
  Object.assign(globalThis, { Date: FakeDate, setTimeout: setFake, clearTimeout: clearFake });
  Object.assign(timers, { setTimeout: setFake, clearTimeout: clearFake });
  Object.assign(timersPromises, { setTimeout: sleepFake });
  syncBuiltinESMExports();
  return () => {
    const { setTimeout, clearTimeout } = originals;
    Object.assign(globalThis, { Date: originals.Date, setTimeout, clearTimeout });
    Object.assign(timers, { setTimeout, clearTimeout });
    Object.assign(timersPromises, { setTimeout: originals.sleep });
    syncBuiltinESMExports();
  };
}

/** `Date` as it is, but for what time it is now. Dates made by either are instances of both. */
function dateOfScope(original: DateConstructor): DateConstructor {
  const now = (): number => currentScope()?.now() ?? original.now();
  return new Proxy(original, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new original(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** What `setTimeout` gives a handler: what Node's own timers have, as far as it makes sense here. */
class FakeTimer {
  readonly cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  close(): this {
    this.cancel();
    return this;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

function fakeSetTimeout(original: typeof setTimeout): (...args: unknown[]) => unknown {
  return (...args) => {
    const scope = currentScope();
    const [run, milliseconds = 0, ...rest] = args;
    if (!scope || typeof run !== 'function') return Reflect.apply(original, globalThis, args);
    const { cancel } = scope.later(Number(milliseconds), () => Reflect.apply(run, undefined, rest));
    return new FakeTimer(cancel);
  };
}

function sleep(
  scope: HandlerScope,
  milliseconds: number,
  value: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const { cancel } = scope.later(milliseconds, () => resolve(value));
    const abort = (): void => {
      cancel();
      reject(
        Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }),
      );
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

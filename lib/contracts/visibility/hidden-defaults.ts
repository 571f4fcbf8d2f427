import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** A time difference that changes the second, hour, weekday, month and year. */
const LATER_MS = 405 * 24 * 3_600_000 + 3_661_001;

/**
 * Problems of a default that its JSON Schema does not show. The JSON Schema has one value: it cannot show that the default changes each
 * time, or that the inner schema does not read it.
 */
export function* hiddenByDefault({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type !== 'default' && def.type !== 'prefault') return;
  // `defaultValue` is a getter that calls the user's function.
  const first: unknown = def.defaultValue;
  const later: unknown = runLater(() => def.defaultValue);
  if (!isDeepStrictEqual(first, later)) {
    yield `its .${def.type}() returns another value each time; write .optional(), and set the value where the event is published or handled`;
  } else if (!isDeepStrictEqual(first, JSON.parse(JSON.stringify(first) ?? 'null'))) {
    yield `its .${def.type}() is not a JSON value; write a JSON value, or .optional()`;
  } else yield* hiddenByReading(def.type, first, z.safeParse(def.innerType, first));
}

/** A JSON Schema shows `.default()` and `.prefault()` in the same way. But the inner schema reads only the value of `.prefault()`. */
function* hiddenByReading(
  type: 'default' | 'prefault',
  value: unknown,
  read: z.core.util.SafeParseResult<unknown>,
): Iterable<string> {
  if (type === 'prefault' && !read.success) {
    yield 'the schema before its .prefault() refuses the value, and so every event without the field is refused; write a value that the schema accepts';
  }
  if (type === 'default' && read.success && !isDeepStrictEqual(read.data, value)) {
    yield 'the schema before its .default() does not read the value, so its own defaults are missing, and a JSON Schema does not show that; write .prefault(), or the whole value';
  }
}

/**
 * Runs a function with a clock that is more than a year ahead. Otherwise, a default with the current time or date could have the same
 * value twice. The function is synchronous, so no other code sees this clock.
 */
function runLater<Value>(run: () => Value): Value {
  const RealDate = Date;
  const now = (): number => RealDate.now() + LATER_MS;
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [now()]),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  try {
    return run();
  } finally {
    globalThis.Date = RealDate;
  }
}

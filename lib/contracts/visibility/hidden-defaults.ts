import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** Another second, hour, weekday, month and year. */
const LATER_MS = 405 * 24 * 3_600_000 + 3_661_001;

/**
 * What the default of a schema hides from its JSON Schema, which shows one value: that it is another each time, or that it is not read
 * by the schema within it.
 */
export function* hiddenByDefault({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type !== 'default' && def.type !== 'prefault') return;
  // zod makes a getter of it, which calls the function.
  const first: unknown = def.defaultValue;
  const later: unknown = runLater(() => def.defaultValue);
  if (!isDeepStrictEqual(first, later)) {
    yield `its .${def.type}() is another value each time; write .optional(), and fill it in where it is published or handled`;
  } else if (!isDeepStrictEqual(first, JSON.parse(JSON.stringify(first) ?? 'null'))) {
    yield `its .${def.type}() is no JSON value; write one that is, or .optional()`;
  } else yield* hiddenByReading(def.type, first, z.safeParse(def.innerType, first));
}

/** A JSON Schema writes `.default()`, which is handed over as it is, and `.prefault()`, which is read like what was sent, alike. */
function* hiddenByReading(
  type: 'default' | 'prefault',
  value: unknown,
  read: z.core.util.SafeParseResult<unknown>,
): Iterable<string> {
  if (type === 'prefault' && !read.success) {
    yield 'its .prefault() is refused by the schema before it, and so is every event without the field; write a value that it takes';
  }
  if (type === 'default' && read.success && !isDeepStrictEqual(read.data, value)) {
    yield 'its .default() is handed over as it is, without the defaults of the schema before it, and a JSON Schema does not show that; write .prefault(), or the whole value';
  }
}

/**
 * Runs a function with a clock that is more than a year ahead. Nothing else runs meanwhile, for the function is synchronous; without
 * this, a default that is the time or the date would be the same twice within a millisecond or a day.
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

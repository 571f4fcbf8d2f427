import type * as z from 'zod';
import { type EventVersion, parseData } from './event-version.ts';
import { describeProblems, describeThrown } from './problem.ts';

/** Thrown when data is not what its version promises, or when an upcast does not make of it what the next one does. */
export class BrokenContract extends Error {
  override readonly name = 'BrokenContract';
}

/** A version, and how its data becomes data of the next; the newest has no next. */
export interface UpcastStep {
  readonly version: EventVersion;
  readonly upcast?: (data: unknown) => unknown;
}

/**
 * Reads data of one version as data of the newest, step by step. Every step is checked: first what arrived against its own
 * version, then what each upcast has made against the version that it has made it for.
 *
 * @param steps from the version of the data to the newest
 * @throws BrokenContract saying which version or which upcast is to blame
 */
export function upcastData(steps: readonly UpcastStep[], data: unknown): unknown {
  let current = data;
  let made = '';
  for (const { version, upcast } of steps) {
    const { schema, versionedType } = version;
    current = parse(schema, current, made || `the data of ${versionedType} breaks its contract`);
    if (!upcast) continue;
    const step = `the upcast of ${versionedType} to v${version.version + 1}`;
    current = run(upcast, current, step);
    made = `${step} breaks the contract of v${version.version + 1}`;
  }
  return current;
}

function parse(schema: z.ZodType, data: unknown, blame: string): unknown {
  const parsed = parseData(schema, data);
  if ('data' in parsed) return parsed.data;
  throw new BrokenContract(`${blame}: ${describeProblems(parsed.problems)}`);
}

function run(upcast: (data: unknown) => unknown, data: unknown, step: string): unknown {
  let result: unknown;
  let isLate = false;
  try {
    result = upcast(data);
    isLate = isThenable(result);
  } catch (cause) {
    throw new BrokenContract(`${step} threw: ${describeThrown(cause)}`, { cause });
  }
  if (!isLate) return result;
  // It may fail later, when nobody waits for it, and that would end the process.
  if (result instanceof Promise) result.catch(() => undefined);
  throw new BrokenContract(
    `${step} returned a promise; an upcast returns the data itself. What has to be waited for belongs into the handler`,
  );
}

/** A promise has none of the fields of data: what the next version need not have would be lost without a word. */
function isThenable(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'
  );
}

import type * as z from 'zod';
import { describeProblems, describeThrown } from '../text/problem.ts';
import { type EventVersion, parseData } from './event-version.ts';

/** Thrown when data breaks the contract of its version, or when the result of an upcast breaks the contract of the next version. */
export class BrokenContractError extends Error {
  override readonly name = 'BrokenContractError';
}

/** A version with the upcast to the next version. The newest version has no upcast. */
export interface UpcastStep {
  readonly version: EventVersion;
  readonly upcast?: (data: unknown) => unknown;
}

/**
 * Converts data of one version to the newest version, step by step. It checks the data against its own version, and the result of each
 * upcast against the version that it converts to.
 *
 * @param steps the versions from the data's version to the newest
 * @throws BrokenContractError that names the version whose data is invalid, or the upcast that failed
 */
export function upcastData(steps: readonly UpcastStep[], data: unknown): unknown {
  let current = data;
  let brokenByUpcast = '';
  for (const { version, upcast } of steps) {
    const { schema, versionedType } = version;
    current = parse(schema, current, brokenByUpcast || `the data of ${versionedType} breaks its contract`);
    if (!upcast) continue;
    const step = `the upcast of ${versionedType} to v${version.version + 1}`;
    current = run(upcast, current, step);
    brokenByUpcast = `${step} breaks the contract of v${version.version + 1}`;
  }
  return current;
}

function parse(schema: z.ZodType, data: unknown, failure: string): unknown {
  const parsed = parseData(schema, data);
  if ('data' in parsed) return parsed.data;
  throw new BrokenContractError(`${failure}: ${describeProblems(parsed.problems)}`);
}

function run(upcast: (data: unknown) => unknown, data: unknown, step: string): unknown {
  let result: unknown;
  let isPromise = false;
  try {
    result = upcast(data);
    isPromise = isThenable(result);
  } catch (cause) {
    throw new BrokenContractError(`${step} threw: ${describeThrown(cause)}`, { cause });
  }
  if (!isPromise) return result;
  // Prevents an unhandled rejection, which would end the process.
  if (result instanceof Promise) result.catch(() => undefined);
  throw new BrokenContractError(
    `${step} returned a promise; an upcast has to return the data itself, so do asynchronous work in the handler`,
  );
}

/** Whether a result is a promise. A promise has no fields of the data, so optional fields of the next version would be lost silently. */
function isThenable(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'
  );
}

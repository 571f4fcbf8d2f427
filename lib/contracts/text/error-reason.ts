import { types } from 'node:util';
import { shortenLinks } from './short-links.ts';

/** The name and message of an error as plain strings. */
export interface Reason {
  readonly name: string;
  readonly message: string;
}

/** Replaces a thrown value that is not an Error. */
export class ThrownValueError extends Error {
  override readonly name = 'ThrownValueError';
}

const UNREADABLE = 'the error cannot be read: reading it throws';

/**
 * Converts a thrown value to an Error. User code may throw anything: undefined, a string, an object without a prototype, a proxy that
 * throws. An Error is returned unchanged, so that its class can still be checked. A proxy is never returned: each check of its class runs
 * the proxy's own code, which may throw later.
 */
export function toError(thrown: unknown): Error {
  if (!hasProxy(thrown) && thrown instanceof Error) return thrown;
  return new ThrownValueError(`the handler threw ${describe(thrown)}`);
}

/** Whether a value is a proxy, or has one among its prototypes. A function may be one too. */
function hasProxy(value: unknown): boolean {
  for (let one = value; isObject(one); one = Object.getPrototypeOf(one)) {
    if (types.isProxy(one)) return true;
  }
  return false;
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * The name and message of an Error, with shortened links, for logs, records and dead letters. Never throws, even if reading the error
 * throws.
 */
export function reasonOf(error: Error): Reason {
  return {
    name: read(() => error.name) || 'Error',
    message: read(() => error.message) ?? UNREADABLE,
  };
}

function read(get: () => unknown): string | undefined {
  try {
    return shortenLinks(String(get()));
  } catch {
    // A getter throws, or the value cannot be converted to a string. The caller uses another text.
    return undefined;
  }
}

/** Describes a thrown value. Of an object it shows only the keys, because the values may be a customer's data. */
function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return `the text '${thrown}'`;
  if (typeof thrown !== 'object' || thrown === null) return read(() => thrown) ?? typeof thrown;
  try {
    return `an object that is not an Error, with the keys ${Object.keys(thrown).join(', ') || '(none)'}`;
  } catch {
    // A proxy that throws when its keys are read.
    return 'an object that cannot be read';
  }
}

import { shortenLinks } from '../contracts/short-links.ts';

/** Why something failed, as it can be written down: always two strings. */
export interface Reason {
  readonly name: string;
  readonly message: string;
}

/** What a handler threw that is no Error. */
export class ThrownValue extends Error {
  override readonly name = 'ThrownValue';
}

const UNREADABLE = 'the error cannot be read: reading it throws';

/**
 * Whatever was thrown, as an Error. User code may throw anything: undefined, a string, an object without a prototype, a
 * proxy that throws. An Error is returned as it is, so that its class still tells what to do.
 */
export function toError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error) return thrown;
  } catch {
    // A proxy whose prototype cannot be asked for: it is described like any other value.
  }
  return new ThrownValue(`the handler threw ${describe(thrown)}`);
}

/**
 * The name and message of an Error, whatever somebody has made of them, with links shortened: it goes into logs, records and dead
 * letters. Never throws.
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
    // A getter that throws, or a value that cannot be made a string: the caller has another text for it.
    return undefined;
  }
}

/** Names the kind of a value, and the keys of an object but not what is in it: that may be a customer's data. */
function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return `the text '${thrown}'`;
  if (typeof thrown !== 'object' || thrown === null) return read(() => thrown) ?? typeof thrown;
  try {
    return `an object that is no Error, with the keys ${Object.keys(thrown).join(', ') || '(none)'}`;
  } catch {
    // A proxy that does not tell its keys.
    return 'an object that cannot be read';
  }
}

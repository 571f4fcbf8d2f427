import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header that carries the key of a session. */
export const KEY_HEADER = 'x-fanfare-key';

/** What the browser gets for the token. */
export interface OpenedSession {
  /** The page keeps it and sends it in {@link KEY_HEADER}. */
  readonly key: string;
  /** A `Set-Cookie` header. */
  readonly cookie: string;
}

/**
 * The one browser that may use a console. Whoever knows the token opens the session with it, once; every request for data then
 * needs the session's cookie and its key.
 *
 * Both are needed, for each has a gap. Browsers send a cookie to every port of a host, and so also to what another user of
 * this machine serves there. The key is bound to the port, but scripts can read it, which they cannot with the cookie.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-8.5
 */
export class ConsoleSession {
  /** Made anew at every start. Nobody but the person at the terminal may see it. */
  readonly token = secret();
  readonly #cookieName: string;
  #opened: { readonly cookie: string; readonly key: string } | undefined;

  /** @param port of the console: two consoles on one host share their cookies, so each has a name of its own */
  constructor(port: number) {
    this.#cookieName = `fanfare-console-${port}`;
  }

  /** Exchanges the token for a session. @returns undefined when it is another token, or has been used */
  open(token: string): OpenedSession | undefined {
    if (this.#opened !== undefined || !isSame(token, this.token)) return undefined;
    this.#opened = { cookie: secret(), key: secret() };
    const { cookie, key } = this.#opened;
    return { key, cookie: `${this.#cookieName}=${cookie}; Path=/api; HttpOnly; SameSite=Strict` };
  }

  /** Whether a request brings both the cookie and the key of the session. */
  admits({ cookie = '', [KEY_HEADER]: key }: IncomingHttpHeaders): boolean {
    const opened = this.#opened;
    if (opened === undefined || typeof key !== 'string' || !isSame(key, opened.key)) return false;
    const prefix = `${this.#cookieName}=`;
    return cookie
      .split(/; */)
      .some((pair) => pair.startsWith(prefix) && isSame(pair.slice(prefix.length), opened.cookie));
  }
}

/** 256 bits. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that tells neither where two texts differ nor how long the secret one is. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

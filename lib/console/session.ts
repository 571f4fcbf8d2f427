import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header that carries the key of a session. */
export const KEY_HEADER = 'x-fanfare-key';

/** What the browser gets in exchange for the token. */
export interface OpenedSession {
  /** The page keeps it and sends it in {@link KEY_HEADER}. */
  readonly key: string;
  /** A `Set-Cookie` header. */
  readonly cookie: string;
}

/**
 * The session of the one browser that may use a console. The first browser with the token opens it; the token works once. Then every request for
 * data needs the cookie and the key of the session.
 *
 * Both are needed, because each alone can leak. Browsers send a cookie to every port of a host, so also to a server of another user of this machine.
 * The key belongs to one port, but scripts can read it; they cannot read the cookie.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-8.5
 */
export class ConsoleSession {
  /** A new one at every start. It is a secret of the person at the terminal. */
  readonly token = secret();
  readonly #cookieName: string;
  #opened: { readonly cookie: string; readonly key: string } | undefined;

  /** @param port port of the console. It is part of the cookie's name, because all consoles on one host share their cookies */
  constructor(port: number) {
    this.#cookieName = `fanfare-console-${port}`;
  }

  /** Exchanges the token for a session. @returns undefined when the token is wrong, or was used before */
  open(token: string): OpenedSession | undefined {
    if (this.#opened !== undefined || !isSame(token, this.token)) return undefined;
    this.#opened = { cookie: secret(), key: secret() };
    const { cookie, key } = this.#opened;
    return { key, cookie: `${this.#cookieName}=${cookie}; Path=/api; HttpOnly; SameSite=Strict` };
  }

  /** Whether a request has the cookie and the key of the session. */
  admits({ cookie = '', [KEY_HEADER]: key }: IncomingHttpHeaders): boolean {
    const opened = this.#opened;
    if (opened === undefined || typeof key !== 'string' || !isSame(key, opened.key)) return false;
    const prefix = `${this.#cookieName}=`;
    return cookie
      .split(/; */)
      .some((pair) => pair.startsWith(prefix) && isSame(pair.slice(prefix.length), opened.cookie));
  }
}

/** A random secret of 256 bits. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in constant time: the time does not show where the texts differ, nor how long the secret is. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

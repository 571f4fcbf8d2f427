import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header that carries the token of this console. */
export const TOKEN_HEADER = 'x-fanfare-token';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** What a request is held against. */
export interface Guard {
  readonly port: number;
  /** Made anew at every start; only the page that this console serves knows it. */
  readonly token: string;
}

/**
 * Why a request is not answered, or undefined when it may be.
 *
 * The host must be a name of this machine (a page elsewhere that had its own name resolve to 127.0.0.1 would send its own),
 * the origin, when there is one, must be this console, a browser must not say that another site asks (it sends no origin
 * with a request for an image), and whatever changes something must bring the token.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function refusal(
  { method = 'GET', headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  { port, token }: Guard,
): string | undefined {
  const hosts = LOOPBACK.map((name) => `${name}:${port}`);
  if (!hosts.includes(headers.host ?? '')) {
    return `the console answers on ${hosts.join(', ')} only, not on '${headers.host ?? ''}'`;
  }
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return `a page of ${origin} may not use this console`;
  }
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  const isLink = method === 'GET' && mode === 'navigate' && destination === 'document';
  if (site === 'cross-site' || (site === 'same-site' && !isLink)) {
    return 'a page of another site may not use this console; type its address to see it yourself';
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  const given = headers[TOKEN_HEADER];
  return typeof given === 'string' && same(given, token)
    ? undefined
    : `whatever changes something needs this console's token; open the page anew`;
}

function same(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/// <reference lib="dom" />

/** Kept by origin, which a cookie is not: a page on another port of this machine cannot read it. All tabs share it. */
const KEY = 'fanfare-console-key';

let settings: Readonly<Record<string, string>> = {};

/** What the console was given when it started. Empty before {@link openSession}. */
export function meta(name: string): string {
  return settings[name] ?? '';
}

/** The headers of a request for data; the browser adds the cookie. */
export function sessionHeaders(): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', 'x-fanfare-key': localStorage.getItem(KEY) ?? '' };
}

/** Exchanges the token in the address, if there is one, and asks whether this browser has the session. */
export async function openSession(): Promise<boolean> {
  const [, token] = /^#token=(.+)$/.exec(location.hash) ?? [];
  if (token !== undefined) await exchange(token);
  const answer = await fetch('/api/session', { headers: sessionHeaders() });
  if (!answer.ok) return false;
  settings = await answer.json();
  return true;
}

async function exchange(token: string): Promise<void> {
  // The history of the browser needs no token.
  history.replaceState(null, '', '/');
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/session', { method: 'POST', headers, body: JSON.stringify({ token }) });
  // A token that was used before may have been used by this very browser, which then has the session.
  if (!answer.ok) return;
  const { key } = await answer.json();
  localStorage.setItem(KEY, key);
}

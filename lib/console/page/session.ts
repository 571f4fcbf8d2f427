/// <reference lib="dom" />

/** Key in the local storage, which belongs to one origin: unlike a cookie, a page on another port of this machine cannot read it. All tabs share it. */
const KEY = 'fanfare-console-key';

let settings: Readonly<Record<string, string>> = {};

/** A setting of the console; empty before {@link openSession}. */
export function meta(name: string): string {
  return settings[name] ?? '';
}

/** Headers of a request for data. The browser adds the cookie. */
export function sessionHeaders(): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', 'x-fanfare-key': localStorage.getItem(KEY) ?? '' };
}

/** Exchanges the token in the address, if there is one. @returns whether this browser has the session */
export async function openSession(): Promise<boolean> {
  const [, token] = /^#token=(.+)$/.exec(location.hash) ?? [];
  if (token !== undefined) await exchange(token);
  const answer = await fetch('/api/session', { headers: sessionHeaders() });
  if (!answer.ok) return false;
  settings = await answer.json();
  return true;
}

async function exchange(token: string): Promise<void> {
  // Removes the token from the browser's history.
  history.replaceState(null, '', '/');
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/session', { method: 'POST', headers, body: JSON.stringify({ token }) });
  // The token was used before. If this browser used it, it has the session already.
  if (!answer.ok) return;
  const { key } = await answer.json();
  localStorage.setItem(KEY, key);
}

/// <reference lib="dom" />
import type { PassingEvent, Status } from '../shapes.ts';

/** What the document was given when the console started. */
export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="fanfare-${name}"]`)?.content ?? '';
}

/** Reads something. @throws Error with the server's own words */
export async function read<Answer>(path: string): Promise<Answer> {
  return answerOf(await fetch(path));
}

/** Changes something; sends the token that only this page has. @throws Error with the server's own words */
export function change<Answer>(path: string, body: object): Promise<Answer> {
  return post(path, JSON.stringify(body));
}

/**
 * As {@link change}, with data that somebody has typed. It is sent as it is: to read and write it here could alter its numbers.
 *
 * @throws SyntaxError when the data is not JSON
 */
export async function changeWithData<Answer>(path: string, body: object, data: string): Promise<Answer> {
  JSON.parse(data);
  return post(path, `${JSON.stringify(body).slice(0, -1)},"data":${data}}`);
}

async function post<Answer>(path: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-fanfare-token': meta('token') };
  return answerOf(await fetch(path, { method: 'POST', headers, body }));
}

// Both sides are of one build: what the server answers is what `shapes.ts` says.
async function answerOf<Answer>(response: Response): Promise<Answer> {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer?.problem ?? `the console answered ${response.status}`);
  return answer;
}

/** What moves, as the server tells it. */
export interface LiveListeners {
  onStatus(status: Status): void;
  onEvent(event: PassingEvent): void;
  /** Undefined when all is well again. */
  onProblem(problem: string | undefined): void;
}

/** Follows the deployment; the browser connects again by itself when the line is cut. */
export function followLive({ onStatus, onEvent, onProblem }: LiveListeners): void {
  const live = new EventSource('/api/live');
  live.addEventListener('status', ({ data }) => {
    onProblem(undefined);
    onStatus(JSON.parse(data));
  });
  live.addEventListener('event', ({ data }) => onEvent(JSON.parse(data)));
  live.addEventListener('problem', ({ data }) => onProblem(JSON.parse(data)));
  live.addEventListener('error', () => onProblem('The console does not answer; waiting for it.'));
}

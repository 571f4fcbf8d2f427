/// <reference lib="dom" />
import { sessionHeaders } from './session.ts';

/** Reads something. @throws Error with the server's own words */
export async function read<Answer>(path: string): Promise<Answer> {
  return answerOf(await fetch(path, { headers: sessionHeaders() }));
}

/** Reads something that costs or has an effect meanwhile. @throws Error with the server's own words */
export function query<Answer>(path: string, body: object): Promise<Answer> {
  return post(path, JSON.stringify(body));
}

/** Changes something. @throws Error with the server's own words */
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
  return answerOf(await fetch(path, { method: 'POST', headers: sessionHeaders(), body }));
}

// Both sides are of one build: what the server answers is what `shapes.ts` says.
async function answerOf<Answer>(response: Response): Promise<Answer> {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer?.problem ?? `the console answered ${response.status}`);
  return answer;
}

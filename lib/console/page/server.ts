/// <reference lib="dom" />
import { sessionHeaders } from './session.ts';

/** Sends a GET. @throws Error with the message of the server */
export async function read<Answer>(path: string): Promise<Answer> {
  return answerOf(await fetch(path, { headers: sessionHeaders() }));
}

/** Sends a POST for a read that costs money or hides messages. @throws Error with the message of the server */
export function query<Answer>(path: string, body: object): Promise<Answer> {
  return post(path, JSON.stringify(body));
}

/** Sends a POST for a change. @throws Error with the message of the server */
export function change<Answer>(path: string, body: object): Promise<Answer> {
  return post(path, JSON.stringify(body));
}

/**
 * As {@link change}, with data that a person has typed. It is sent unchanged, because parsing it here could change its numbers.
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

// The server and the page are of the same build, so answers have the shapes of `shapes.ts`.
async function answerOf<Answer>(response: Response): Promise<Answer> {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer?.problem ?? `the console answered ${response.status}`);
  return answer;
}

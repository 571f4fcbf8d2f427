import { UnreadableError } from './errors.ts';

/** The time on this machine, as functions see it. */
export interface LocalClock {
  /** ISO 8601. */
  readonly now: string;
  /** How far it is ahead of the real time. */
  readonly aheadSeconds: number;
}

/**
 * Lets time pass at once on this machine. Resolves when all that was due is done.
 *
 * @throws UnreadableError when nothing runs there
 * @throws Error with the reason when a function does not end
 */
export async function advanceClock(awsEndpoint: string, seconds: number): Promise<LocalClock> {
  const response = await post(`${awsEndpoint}/_fanfare/clock?seconds=${seconds}`, awsEndpoint);
  const answer: LocalClock & { readonly message?: string } = await response.json();
  if (response.ok) return answer;
  throw new Error(answer.message ?? `the runner answers ${response.status}`);
}

async function post(url: string, awsEndpoint: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST' });
  } catch (cause) {
    throw new UnreadableError(`nothing runs at ${awsEndpoint}; start it with 'npm start'`, { cause });
  }
}

import { setTimeout } from 'node:timers/promises';
import { UnreadableError } from './errors.ts';

const CLOCK_PATH = '/_fanfare/clock';
const TIMEOUT_MS = 5_000;

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
  const response = await post(`${awsEndpoint}${CLOCK_PATH}?seconds=${seconds}`, awsEndpoint);
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

/**
 * How far the time on this machine is ahead of the real time, in milliseconds: what `fanfare advance` has added.
 *
 * @param url of SNS and SQS on this machine, or of the HTTP API
 * @returns 0 when what runs there knows of no such time
 */
export async function readAheadMs(url: string | URL): Promise<number> {
  let answer: unknown;
  try {
    const response = await fetch(new URL(CLOCK_PATH, url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    answer = response.ok ? await response.json() : undefined;
  } catch {
    // Nothing runs there, or it is something else. Whoever asks sends a request after this one, whose error says so.
    return 0;
  }
  const ahead =
    typeof answer === 'object' && answer !== null && 'aheadSeconds' in answer && answer.aheadSeconds;
  return typeof ahead === 'number' ? ahead * 1_000 : 0;
}

/** The time of a bus. */
export interface BusClock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(
    milliseconds: number,
    options?: { readonly ref?: boolean; readonly signal?: AbortSignal },
  ): Promise<void>;
}

/** The clock of the bus behind an HTTP API. On this machine it may be ahead of the real time. */
export async function clockOf(url: string): Promise<BusClock> {
  const ahead = isOfThisMachine(url) ? await readAheadMs(url) : 0;
  return {
    now: () => Date.now() + ahead,
    sleep: (milliseconds, options) => setTimeout(milliseconds, undefined, options),
  };
}

function isOfThisMachine(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

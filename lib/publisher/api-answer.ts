import type { Envelope } from '../contracts/envelope.ts';
import { isJsonObject, parseJson } from '../contracts/json.ts';
import { describeProblems, type Problem } from '../contracts/problem.ts';
import { isTransientStatus } from '../runtime/transient.ts';
import { failed, type SendOutcome } from './sender.ts';

/** What an answer of the publish API says: of each event, and of when to come back. */
export interface ApiAnswer {
  /** One per event of the request, in its order. */
  readonly outcomes: readonly SendOutcome[];
  /** How long the API asks to wait. */
  readonly retryAfterMilliseconds: number;
}

/** Everything is with SNS. */
const ACCEPTED = 202;
const NEIGHBOUR = failed('NotSent', 'another event of its request was refused', true);

/** Reads an answer to a request with these events. @throws Error when the connection breaks in the middle of it */
export async function readAnswer(response: Response, events: readonly Envelope[]): Promise<ApiAnswer> {
  const text = await response.text();
  const retryAfterMilliseconds = readRetryAfter(response.headers.get('retry-after'));
  if (response.status === ACCEPTED) {
    return { outcomes: events.map(() => ({ status: 'published' })), retryAfterMilliseconds };
  }
  const problem = readProblem(text);
  const { status } = response;
  const whole = failed(`HTTP ${status}`, reasonOf(problem, status), isTransientStatus(status));
  const outcomes =
    outcomesByFate(problem, events, status) ?? outcomesByMistake(problem, events) ?? events.map(() => whole);
  return { outcomes, retryAfterMilliseconds };
}

/** 503 and 502 say of each event whether it is published; what the topic refused (502) it will refuse again. */
function outcomesByFate(
  problem: Problems,
  events: readonly Envelope[],
  status: number,
): SendOutcome[] | undefined {
  const fates = listOf(problem.events);
  if (fates.length === 0) return undefined;
  return events.map(({ id }, index) => {
    const fate = fates.find((one) => one.index === index && one.id === id);
    if (fate?.status === 'published') return { status: 'published' };
    return failed(String(fate?.code ?? 'NoAnswer'), reasonOf(problem, status), status !== 502);
  });
}

/** 400 and 413 name what is wrong, by event; nothing of the request is published. */
function outcomesByMistake(problem: Problems, events: readonly Envelope[]): SendOutcome[] | undefined {
  const mistakes = listOf(problem.errors);
  if (mistakes.length === 0) return undefined;
  return events.map((_, index) => {
    const problems = mistakes.filter((one) => one.index === index).map(problemOf);
    if (problems.length === 0) return NEIGHBOUR;
    return { ...failed('Refused', describeProblems(problems), false), problems };
  });
}

type Problems = Readonly<Record<string, unknown>>;

function readProblem(text: string): Problems {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : {};
  } catch {
    // Whatever stands before the API may answer with a page; the status says enough.
    return {};
  }
}

function listOf(value: unknown): readonly Problems[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function problemOf({ pointer, detail }: Problems): Problem {
  return { pointer: String(pointer ?? ''), detail: String(detail ?? 'is refused') };
}

/** API Gateway itself answers with a `message`. */
function reasonOf({ detail, message }: Problems, status: number): string {
  const said = [detail, message].find((text) => typeof text === 'string');
  const advice = status === 401 || status === 403 ? '; the caller needs execute-api:Invoke, or a token' : '';
  return `${said ?? 'the API gave no reason'}${advice}`;
}

/** Seconds or a date. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function readRetryAfter(value: string | null): number {
  if (value === null) return 0;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}

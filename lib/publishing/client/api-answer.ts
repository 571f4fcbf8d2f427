import { isTransientStatus } from '../../aws/transient.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { isJsonObject, parseJson } from '../../contracts/json/json.ts';
import { readReceiptQuery } from '../../contracts/receipts/receipt-query.ts';
import { describeProblems, type Problem } from '../../contracts/text/problem.ts';
import { failed, type SendOutcome } from './sender.ts';

/** An answer of the publish API: the outcome of each event, and how long to wait. */
export interface ApiAnswer {
  /** One per event of the request, in its order. */
  readonly outcomes: readonly SendOutcome[];
  /** How long the API asks to wait, in milliseconds; 0 when it does not ask. */
  readonly retryAfterMilliseconds: number;
}

/** SNS has accepted every event. */
const ACCEPTED = 202;
const OTHER_EVENT_REFUSED = failed('NotSent', 'the API refused another event of the same request', true);

/** Reads the answer to a request with these events. @throws Error when the connection breaks before the end of the answer */
export async function readAnswer(response: Response, events: readonly Envelope[]): Promise<ApiAnswer> {
  const text = await response.text();
  const retryAfterMilliseconds = readRetryAfter(response.headers.get('retry-after'));
  if (response.status === ACCEPTED) {
    const accepted = listOf(readMembers(text).events);
    const outcomes = events.map(({ id }, index) => publishedOutcome(id, accepted[index]));
    return { outcomes, retryAfterMilliseconds };
  }
  const problem = readMembers(text);
  const { status } = response;
  const whole = failed(`HTTP ${status}`, reasonOf(problem, status), isTransientStatus(status));
  const outcomes =
    outcomesByResult(problem, events, status) ?? outcomesByError(problem, events) ?? events.map(() => whole);
  return { outcomes, retryAfterMilliseconds };
}

/** The link to the receipt has the times of the API's clock. */
function publishedOutcome(id: string, accepted: Problems | undefined): SendOutcome {
  const { receipt } = accepted ?? {};
  if (accepted?.id !== id || typeof receipt !== 'string') return { status: 'published' };
  const [path = '', query = ''] = receipt.split('?');
  try {
    const { publishedAt, deliverAt } = readReceiptQuery(path, query);
    return { status: 'published', times: { publishedAt, deliverAt } };
  } catch {
    // The event is published. A link that cannot be read is one of another version, and its receipt says less without it.
    return { status: 'published' };
  }
}

/** A 503 or 502 says for each event whether it is published. After a 502, the topic would refuse the same event again. */
function outcomesByResult(
  problem: Problems,
  events: readonly Envelope[],
  status: number,
): SendOutcome[] | undefined {
  const results = listOf(problem.events);
  if (results.length === 0) return undefined;
  return events.map(({ id }, index) => {
    const result = results.find((one) => one.index === index && one.id === id);
    if (result?.status === 'published') return { status: 'published' };
    return failed(String(result?.code ?? 'NoAnswer'), reasonOf(problem, status), status !== 502);
  });
}

/** A 400 or 413 lists the errors of each event; nothing of the request is published. */
function outcomesByError(problem: Problems, events: readonly Envelope[]): SendOutcome[] | undefined {
  const errors = listOf(problem.errors);
  if (errors.length === 0) return undefined;
  return events.map((_, index) => {
    const problems = errors.filter((one) => one.index === index).map(problemOf);
    if (problems.length === 0) return OTHER_EVENT_REFUSED;
    return { ...failed('Refused', describeProblems(problems), false), problems };
  });
}

type Problems = Readonly<Record<string, unknown>>;

/** The members of an answer; none when it is no JSON object. */
function readMembers(text: string): Problems {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : {};
  } catch {
    // A proxy in front of the API may answer with a web page. The status is enough then.
    return {};
  }
}

function listOf(value: unknown): readonly Problems[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function problemOf({ pointer, detail }: Problems): Problem {
  return { pointer: String(pointer ?? ''), detail: String(detail ?? 'is refused') };
}

/** Why the API has not done what a request asks for. */
export function reasonOfAnswer(text: string, status: number): string {
  return reasonOf(readMembers(text), status);
}

/** The publish function answers with a `detail`, API Gateway itself with a `message`. */
function reasonOf({ detail, message }: Problems, status: number): string {
  const reason = [detail, message].find((text) => typeof text === 'string');
  const advice = status === 401 || status === 403 ? '; the caller needs execute-api:Invoke, or a token' : '';
  return `${reason ?? 'the API gave no reason'}${advice}`;
}

/** Reads a Retry-After header, which has seconds or a date, as milliseconds. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function readRetryAfter(value: string | null): number {
  if (value === null) return 0;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}

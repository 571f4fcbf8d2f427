import { backoffMilliseconds } from '../../aws/backoff.ts';
import { systemClock } from '../../aws/clock.ts';
import { isTransientStatus } from '../../aws/transient.ts';
import { isJsonObject, parseJson } from '../../contracts/json/json.ts';
import type { Receipt } from '../../contracts/receipts/receipt.ts';
import { type ReceiptQuery, receiptPath } from '../../contracts/receipts/receipt-query.ts';
import { reasonOfAnswer } from './api-answer.ts';
import { type ApiSenderProps, eventsUrl } from './api-sender.ts';
import { createAuthorize } from './authorize.ts';

/** Reads the receipt of an event. @throws Error when it cannot be read, also after some tries */
export type ReadReceipt = (event: ReceiptQuery, signal?: AbortSignal) => Promise<Receipt>;

const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const REQUEST_TIMEOUT_MS = 31_000;

const NOT_FOUND = 404;
/** The receipts function never answers 404, so the API has no route to it. */
const NO_ROUTE =
  '; the bus has no receipts yet: deploy it, and then its consumers, with version 0.5 of Fanfare or a later one';

/** Why there is no receipt, and whether another try may help. */
class NoReceipt extends Error {
  readonly isTransient: boolean;

  constructor(message: string, isTransient: boolean, cause?: unknown) {
    super(message, { cause });
    this.isTransient = isTransient;
  }
}

/** Reads receipts over the HTTP API, with the caller's credentials. */
export function createReceiptReader(props: ApiSenderProps): ReadReceipt {
  const url = eventsUrl(props.url);
  const authorize = createAuthorize(url, props);
  const { fetch = globalThis.fetch, clock = systemClock, random = Math.random } = props;
  const ask = async (event: ReceiptQuery, signal: AbortSignal | undefined): Promise<Receipt> => {
    const own = new URL(url.pathname.replace(/\/events$/, '') + receiptPath(event), url);
    const headers = await authorize({ method: 'GET', url: own, headers: {}, body: '' });
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(own, {
      headers,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      redirect: 'manual',
    }).catch((cause: unknown) => {
      throw new NoReceipt('the API does not answer', true, cause);
    });
    const { status } = response;
    const text = await response.text();
    if (!response.ok) {
      const reason = `HTTP ${status}: ${reasonOfAnswer(text, status)}${status === NOT_FOUND ? NO_ROUTE : ''}`;
      throw new NoReceipt(reason, isTransientStatus(status));
    }
    return readReceipt(text);
  };
  return async (event, signal) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(event, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const isLast = attempt === MAX_TRIES || !(error instanceof NoReceipt && error.isTransient);
        if (isLast) throw explain(event, error);
        const pause = { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random };
        await clock.sleep(backoffMilliseconds(attempt, pause), { signal });
      }
    }
  };
}

function explain({ id }: ReceiptQuery, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`the receipt of ${id} cannot be read: ${reason}`, { cause });
}

/** The answer of the receipts function; anything else comes from another server. */
function readReceipt(text: string): Receipt {
  const receipt = parseJson(text);
  if (!isReceipt(receipt))
    throw new NoReceipt('the answer is no receipt; the URL may be of another API', false);
  return receipt;
}

function isReceipt(value: unknown): value is Receipt {
  return isJsonObject(value) && typeof value.settled === 'boolean' && Array.isArray(value.consumers);
}

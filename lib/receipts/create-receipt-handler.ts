import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Clock } from '../aws/clock.ts';
import { type ConsumerReceipt, isOpen, type Receipt } from '../contracts/receipts/receipt.ts';
import { type ReceiptQuery, readReceiptQuery } from '../contracts/receipts/receipt-query.ts';
import type { CallAws } from './call-aws.ts';
import { isLive, receiptOfRecord, receiptWithoutRecord } from './consumer-receipt.ts';
import { createReadConsumers, type RegisteredConsumer, type Registry } from './read-consumers.ts';
import { readRecord } from './read-record.ts';

export interface ReceiptHandlerProps {
  readonly call: CallAws;
  readonly clock: Pick<Clock, 'now'>;
  /** Where the consumers of the bus register themselves. */
  readonly consumersPath: string;
  /** Whether a receipt says why an attempt has failed. */
  readonly withReasons: boolean;
  readonly log: { error(message: string, details: { readonly error: unknown }): void };
}

/** The parts of a request that the function reads. */
export type ReceiptRequest = Pick<APIGatewayProxyEventV2, 'rawPath' | 'rawQueryString'>;
export type ReceiptHandler = (
  request: ReceiptRequest,
  context: { getRemainingTimeInMillis(): number },
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Time that is kept for the answer: what is known by then is said. */
const ANSWER_MS = 1_000;

/** Creates the handler of `GET /events/{id}`: what each consumer has done with an event. It reads one record of each consumer and writes nothing. */
export function createReceiptHandler(props: ReceiptHandlerProps): ReceiptHandler {
  const { call, clock, consumersPath: path, log } = props;
  const readConsumers = createReadConsumers({ call, clock, path });
  return async ({ rawPath, rawQueryString }, context) => {
    let query: ReceiptQuery;
    try {
      query = readReceiptQuery(rawPath, rawQueryString);
    } catch (error) {
      // A RangeError is the caller's mistake, and the answer explains it.
      if (!(error instanceof RangeError)) throw error;
      return problem(400, 'The request cannot be read', error.message);
    }
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MS));
    try {
      const receipt = await receiptOf(query, await readConsumers(signal), { ...props, signal });
      return json(200, 'application/json', receipt);
    } catch (error) {
      // The reason goes to the log only, because it may show internals.
      log.error('the consumers of the bus could not be listed', { error });
      return problem(503, 'The receipt cannot be read now', 'try again in some seconds', {
        'retry-after': '1',
      });
    }
  };
}

interface AskProps extends ReceiptHandlerProps {
  /** Fires when all requests have to end. */
  readonly signal: AbortSignal;
}

async function receiptOf(
  query: ReceiptQuery,
  { consumers, unreadable }: Registry,
  props: AskProps,
): Promise<Receipt> {
  const found = await Promise.all(
    consumers.map((consumer) => askConsumer({ consumer, all: consumers }, query, props)),
  );
  const receipts = found.map(({ receipt }) => receipt);
  const seen = found.some(({ isRecorded }) => isRecorded);
  const { id, source, type, publishedAt, deliverAt } = query;
  const isAhead = deliverAt !== undefined && deliverAt > props.clock.now();
  return {
    id,
    source,
    type,
    publishedAt: timeOf(publishedAt),
    deliverAt: timeOf(deliverAt),
    seen,
    settled: !receipts.some((one) => isOpen(one) || one.why === 'unreadable'),
    consumers: receipts,
    note: noteOn(receipts, { seen, unreadable, comesAt: isAhead ? timeOf(deliverAt) : undefined }),
  };
}

function timeOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

interface Answer {
  readonly receipt: ConsumerReceipt;
  readonly isRecorded: boolean;
}

async function askConsumer(
  { consumer, all }: { readonly consumer: RegisteredConsumer; readonly all: readonly RegisteredConsumer[] },
  query: ReceiptQuery,
  { call, clock, withReasons, log, signal }: AskProps,
): Promise<Answer> {
  try {
    const from = { table: consumer.table, withReason: withReasons };
    const item = await readRecord(call, from, query, signal);
    const now = clock.now();
    if (item && isLive(item, now)) return { receipt: receiptOfRecord(consumer, item, now), isRecorded: true };
    return { receipt: receiptWithoutRecord(consumer, query, { all, now }), isRecorded: false };
  } catch (error) {
    // A consumer that is being removed, or a silent table, must not hide what the others have done. Its receipt says that it is not known.
    log.error(`the record of ${consumer.consumer} could not be read`, { error });
    return {
      receipt: { consumer: consumer.consumer, status: 'unknown', why: 'unreadable' },
      isRecorded: false,
    };
  }
}

const NOT_SEEN =
  'No consumer has a record of this event. It is on its way, or no consumer takes it, or it was never published with this id and source: the bus keeps no list of events that could tell.';

const notYet = (at: string): string =>
  `This event comes at ${at}, unless it is cancelled before: the receipt does not know of that.`;

interface NoteProps {
  readonly seen: boolean;
  /** How many registrations could not be read. */
  readonly unreadable: number;
  /** When the event comes, if that is ahead. */
  readonly comesAt: string | undefined;
}

function noteOn(
  receipts: readonly ConsumerReceipt[],
  { seen, unreadable, comesAt }: NoteProps,
): string | undefined {
  const notes = [
    ...(receipts.length === 0 ? ['No consumer of this account and region has registered itself.'] : []),
    ...(seen || receipts.length === 0 ? [] : [comesAt === undefined ? NOT_SEEN : notYet(comesAt)]),
    ...(unreadable === 0
      ? []
      : [`Registrations of consumers that could not be read: ${unreadable}. Deploy the bus again.`]),
  ];
  return notes.length === 0 ? undefined : notes.join(' ');
}

function problem(
  status: number,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  const body = { type: 'about:blank', title, status, detail };
  return json(status, 'application/problem+json', body, headers);
}

function json(
  statusCode: number,
  contentType: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    // A receipt changes from one second to the next.
    headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

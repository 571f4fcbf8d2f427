import { PRICES } from './prices.ts';

/** What a replay does. */
export interface ReplaySize {
  readonly objects: number;
  readonly events: number;
  readonly tasks: number;
  readonly minutes: number;
  readonly lanes: number;
  readonly fifo: boolean;
}

/** Sent in requests of ten; received and deleted in batches by the consumer's mapping. */
const REQUESTS_PER_EVENT = 3 / 10;
const KEYS_PER_LISTING = 1_000;
const FUNCTION_GIGABYTES = 0.5;
/** A save is a transaction of two items, at twice the price: a task of a kilobyte, and a state with its request. */
const WRITE_UNITS_PER_SAVE = 2 * (1 + 2);
/** The key of an object is written once, in a transaction: at most 450 bytes. */
const WRITE_UNITS_PER_KEY = 2 * 0.45;
const EVENTS_PER_SAVE = 1_000;
/** A lane saves so often however slow it is. */
const SECONDS_PER_SAVE = 5;

/** Dollars for the requests to S3, SQS and DynamoDB and the time of the replay function, without what the consumer itself does. */
export function costOfReplay({ objects, events, tasks, minutes, lanes, fifo }: ReplaySize): number {
  const reading = objects * PRICES.s3Get + Math.ceil(objects / KEYS_PER_LISTING) * PRICES.s3List;
  const sending = events * REQUESTS_PER_EVENT * (fifo ? PRICES.sqsFifoRequest : PRICES.sqsRequest);
  const saves = tasks * 2 + events / EVENTS_PER_SAVE + (minutes * 60 * lanes) / SECONDS_PER_SAVE;
  const writing = saves * WRITE_UNITS_PER_SAVE + objects * WRITE_UNITS_PER_KEY;
  const time = minutes * 60 * lanes * FUNCTION_GIGABYTES * PRICES.lambdaGigabyteSecond;
  return reading + sending + writing * PRICES.dynamodbWriteUnit + time;
}

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
/** A save is a transaction of two items, at twice the price; that of the task has the keys of its objects. */
const WRITE_UNITS_PER_SAVE = 2 * 12;
const EVENTS_PER_SAVE = 1_000;

/** Dollars for the requests to S3, SQS and DynamoDB and the time of the replay function, without what the consumer itself does. */
export function costOfReplay({ objects, events, tasks, minutes, lanes, fifo }: ReplaySize): number {
  const reading = objects * PRICES.s3Get + Math.ceil(objects / KEYS_PER_LISTING) * PRICES.s3List;
  const sending = events * REQUESTS_PER_EVENT * (fifo ? PRICES.sqsFifoRequest : PRICES.sqsRequest);
  const saves = tasks * 2 + events / EVENTS_PER_SAVE;
  const time = minutes * 60 * lanes * FUNCTION_GIGABYTES * PRICES.lambdaGigabyteSecond;
  return reading + sending + saves * WRITE_UNITS_PER_SAVE * PRICES.dynamodbWriteUnit + time;
}

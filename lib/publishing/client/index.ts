/** `fanfare/publisher`: publishes events from any program, through the HTTP API or directly to the topic. */
import '../../contracts/needs-node.ts';

export type {
  ConsumerReceipt,
  Receipt,
  ReceiptStatus,
  UnknownReason,
} from '../../contracts/receipts/receipt.ts';
export type { ReceiptQuery } from '../../contracts/receipts/receipt-query.ts';
export {
  type CallOptions,
  createPublisher,
  type PublishedEvent,
  type Publisher,
  type PublisherProps,
} from './create-publisher.ts';
export { InvalidEventError, PublishError, type PublishResult } from './errors.ts';
export { type EventOptions, type NewEvent, newEvent } from './new-event.ts';

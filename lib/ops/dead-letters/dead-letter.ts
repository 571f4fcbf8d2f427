import type { Message } from '@aws-sdk/client-sqs';
import type { Replay } from '../../contracts/delivery/replay.ts';

/** A message of a dead-letter queue, with the reason why it is there. */
export interface DeadLetter {
  readonly messageId: string;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly attempts?: number | undefined;
  /** When it was sent to its consumer. Epoch milliseconds, as all times here. */
  readonly firstAt?: number | undefined;
  /** When it failed for good. */
  readonly lastAt?: number | undefined;
  readonly eventId?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly correlationId?: string | undefined;
  /** The replay that has sent it. */
  readonly replay?: Replay | undefined;
  /** The body of the message. It may be no event. */
  readonly body: string;
}

/** A dead letter and its received message, by which it can be sent back or deleted. */
export interface ReceivedDeadLetter {
  readonly deadLetter: DeadLetter;
  readonly message: Message;
}

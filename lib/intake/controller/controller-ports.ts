import type { Message } from '@aws-sdk/client-sqs';
import type { ProbeAnswer } from '../../contracts/delivery/probe.ts';
import type { ControlMessage, TripMessage } from '../control-message.ts';
import type { IntakeTable } from '../intake-table.ts';

/** What came of a change of polling. `busy`: an earlier change is under way. `gone`: the consumer has no mapping any more. */
export type PollingChange = 'done' | 'busy' | 'gone';

/** How the invocation of a probe ended. */
export interface Probed {
  readonly answer: ProbeAnswer;
  /** Whether the consumer keeps the message in its queue. */
  readonly keeps: boolean;
}

/** The limits of a consumer's queue. */
export interface QueueLimits {
  /** After so many receives SQS moves a message to the dead-letter queue. */
  readonly maxReceiveCount: number;
  readonly retentionSeconds: number;
}

/** The queue of a consumer, for probes. */
export interface ConsumerQueue {
  /** One message; undefined when none is visible. */
  receive(queueUrl: string): Promise<Message | undefined>;
  delete(queueUrl: string, message: Message): Promise<void>;
  limits(queueUrl: string): Promise<QueueLimits>;
  /** About how many messages are visible, or wait behind another one of their message group. */
  waiting(queueUrl: string): Promise<number>;
}

export interface ProbeOptions {
  /** Whether the consumer gives the event up if it fails. */
  readonly givesUp: boolean;
}

/** What the controller works with. */
export interface ControllerPorts {
  readonly table: IntakeTable;
  readonly now: () => number;
  setPolling(functionName: string, wanted: 'on' | 'off'): Promise<PollingChange>;
  readonly queue: ConsumerQueue;
  /** Invokes the consumer with one message and waits for its answer. An invocation that fails is a failed probe. */
  probe(trip: TripMessage, message: Message, options: ProbeOptions): Promise<Probed>;
  /** Hides the control message for some seconds, as the timer of the next tick. */
  hide(receiptHandle: string, seconds: number): Promise<void>;
  /** Sends a control message anew, because the old one is near the end of its retention. */
  renew(message: ControlMessage, oldId: string): Promise<void>;
  /** Puts a message away that is no control message. */
  bury(body: string, reason: Error): Promise<void>;
  /** Writes the metric BreakerOpen of a consumer. */
  count(consumer: string, open: boolean): void;
  log(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** What one tick works with. */
export interface TickPorts extends ControllerPorts {
  /** Epoch milliseconds at which the last probe of the tick has to have ended. */
  readonly endsAt: number;
  /** Hides the control message again, so that no second tick begins beside this one. */
  keepHidden(seconds: number): Promise<void>;
}

/** What becomes of a control message: it is done, or it comes again after some seconds. */
export type Tick = 'done' | { readonly againInSeconds: number };

/** A change of the state or the mapping was not possible now. */
export const SOON: Tick = { againInSeconds: 5 };

/** No message waits longer, so that what is sent behind it, in its message group, is not held up. A receive costs 0.0000005 dollars. */
export const LONGEST_TICK_SECONDS = 120;

import type { DataOf, EventContract } from '../../contracts/define-event.ts';
import { type Replay, recordKey } from '../../contracts/delivery/replay.ts';
import { consumerSource } from '../../contracts/envelope/consumer-source.ts';
import { deliverAtOf } from '../../contracts/envelope/deliver-at.ts';
import { checkNewEnvelope, type Envelope, SPEC_VERSION } from '../../contracts/envelope/envelope.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { uuidV5 } from '../../contracts/uuid-v5.ts';
import { sizeProblem } from '../../publishing/topic/event-size.ts';
import { orderProblem } from '../../publishing/topic/order-problem.ts';
import { MAX_MESSAGE_BYTES } from '../../publishing/topic/publish-chunks.ts';
import type { EmitOptions } from './emit-options.ts';
import { refuseWrongKey } from './later-options.ts';
import { childTraceparent } from './trace.ts';

/** An event to emit: its contract and data, the consumer, its parent event, and its index among the emitted events. */
export interface Emission<Contract extends EventContract> {
  readonly contract: Contract;
  readonly data: DataOf<Contract>;
  readonly options: EmitOptions;
  /** What the consumer is called in the source and the id. */
  readonly consumer: string;
  readonly parent: Envelope;
  /** The replay that has sent the parent. @default - none */
  readonly replay?: Replay | undefined;
  readonly position: number;
  /** Whether the topic keeps the order, so that the event needs a partitionkey. */
  readonly fifo?: boolean | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Makes the envelope of an emitted event as it is sent. Its id depends only on the consumer, the handled event, a replay that repeats
 * its effects, and the position. So another attempt emits the same events, and such a replay emits events that are new to their consumers.
 *
 * @throws TypeError when the data breaks the contract, an attribute is not valid, or the event is too large for a message
 */
export function emittedEvent<Contract extends EventContract>(emission: Emission<Contract>): Envelope {
  const { contract, data, options, consumer, parent, replay, position, fifo, now } = emission;
  refuseWrongKey(options);
  const { event, problems } = checkNewEnvelope(
    {
      specversion: SPEC_VERSION,
      id: uuidV5(consumer, recordKey(parent, replay), String(position)),
      source: consumerSource(consumer),
      type: contract.versionedType,
      subject: options.subject,
      time: new Date(now).toISOString(),
      datacontenttype: 'application/json',
      correlationid: parent.correlationid ?? parent.id,
      causationid: parent.id,
      traceparent: childTraceparent(parent.traceparent),
      partitionkey: options.partitionkey ?? parent.partitionkey,
      tenant: options.tenant ?? parent.tenant,
      deliverat: deliverAtOf(options, now),
      data,
    },
    now,
  );
  const emits = `${consumer} emits a ${contract.versionedType} that`;
  if (problems) throw new TypeError(`${emits} cannot be sent: ${describeProblems(problems)}`);
  const unordered = orderProblem(event, fifo);
  if (unordered) throw new TypeError(`${emits} cannot be sent: ${describeProblems([unordered])}`);
  const broken = contract.check(event.data);
  if (broken.length > 0) throw new TypeError(`${emits} breaks its contract: ${describeProblems(broken)}`);
  const large = sizeProblem(event, { maxEventBytes: MAX_MESSAGE_BYTES, now });
  if (large) throw new TypeError(`${emits} ${large.detail}; an emitted event has to fit into a message`);
  return event;
}

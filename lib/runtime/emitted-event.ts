import type { DataOf, EventContract } from '../contracts/define-event.ts';
import { type Envelope, identityOf, SPEC_VERSION, serializeEnvelope } from '../contracts/envelope.ts';
import { describeProblems } from '../contracts/problem.ts';
import { uuidV5 } from '../contracts/uuid-v5.ts';
import { childTraceparent } from './trace.ts';

/** What a handler may say of an event that it emits, beside its data. */
export interface EmitOptions {
  readonly subject?: string;
  /** @default - that of the event being handled */
  readonly partitionkey?: string;
}

/** What is emitted, by whom, in answer to what, and as the how-manieth. */
export interface Emission<Contract extends EventContract> {
  readonly contract: Contract;
  readonly data: DataOf<Contract>;
  readonly options: EmitOptions;
  readonly consumer: string;
  readonly parent: Envelope;
  readonly position: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** SNS takes 256 KiB a message; a little is left for its attributes. */
const MAX_EVENT_BYTES = 261_120;

/**
 * Makes the envelope of an emitted event. Its id depends on the consumer, the event being handled and the position
 * only, so that handling an event again emits the same events again.
 *
 * @throws TypeError when the data breaks the contract or the event is too large for SNS
 */
export function emittedEvent<Contract extends EventContract>(emission: Emission<Contract>): Envelope {
  const { contract, data, options, consumer, parent, position, now } = emission;
  const problems = contract.check(data);
  if (problems.length > 0) {
    throw new TypeError(
      `${consumer} emits a ${contract.versionedType} that breaks its contract: ${describeProblems(problems)}`,
    );
  }
  const event: Envelope = {
    specversion: SPEC_VERSION,
    id: uuidV5(consumer, identityOf(parent), String(position)),
    source: `/${consumer}`,
    type: contract.versionedType,
    subject: options.subject,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    correlationid: parent.correlationid ?? parent.id,
    causationid: parent.id,
    traceparent: childTraceparent(parent.traceparent),
    partitionkey: options.partitionkey ?? parent.partitionkey,
    data,
  };
  const bytes = Buffer.byteLength(serializeEnvelope(event));
  if (bytes > MAX_EVENT_BYTES) {
    throw new TypeError(
      `${consumer} emits a ${contract.versionedType} of ${bytes} bytes; at most ${MAX_EVENT_BYTES} fit into a message`,
    );
  }
  return event;
}

import { consumerSource } from '../contracts/consumer-source.ts';
import type { DataOf, EventContract } from '../contracts/define-event.ts';
import { checkNewEnvelope, type Envelope, identityOf, SPEC_VERSION } from '../contracts/envelope.ts';
import { describeProblems } from '../contracts/problem.ts';
import { uuidV5 } from '../contracts/uuid-v5.ts';
import { sizeProblem } from './event-size.ts';
import { MAX_MESSAGE_BYTES } from './publish-chunks.ts';
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

/**
 * Makes the envelope of an emitted event, as it stands on the wire. Its id depends on the consumer, the event being handled and
 * the position only, so that handling an event again emits the same events again.
 *
 * @throws TypeError when the data breaks the contract, when an attribute is one that no door takes, or when the event is too
 * large for SNS
 */
export function emittedEvent<Contract extends EventContract>(emission: Emission<Contract>): Envelope {
  const { contract, data, options, consumer, parent, position, now } = emission;
  const { event, problems } = checkNewEnvelope({
    specversion: SPEC_VERSION,
    id: uuidV5(consumer, identityOf(parent), String(position)),
    source: consumerSource(consumer),
    type: contract.versionedType,
    subject: options.subject,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    correlationid: parent.correlationid ?? parent.id,
    causationid: parent.id,
    traceparent: childTraceparent(parent.traceparent),
    partitionkey: options.partitionkey ?? parent.partitionkey,
    data,
  });
  const emits = `${consumer} emits a ${contract.versionedType} that`;
  if (problems) throw new TypeError(`${emits} cannot be sent: ${describeProblems(problems)}`);
  const broken = contract.check(event.data);
  if (broken.length > 0) throw new TypeError(`${emits} breaks its contract: ${describeProblems(broken)}`);
  const large = sizeProblem(event, MAX_MESSAGE_BYTES);
  if (large) throw new TypeError(`${emits} ${large.detail}: it has to fit into a message`);
  return event;
}

import type { SQSRecord } from 'aws-lambda';
import type { EventContract } from '../contracts/define-event.ts';
import { checkEnvelope, type Envelope } from '../contracts/envelope.ts';
import { JsonError, parseJson } from '../contracts/json.ts';
import { describeProblems } from '../contracts/problem.ts';
import { UnreadableEvent } from './failures.ts';

/** An event that a message carried, and the contract that it keeps. */
export interface ReadEvent {
  readonly event: Envelope;
  readonly contract: EventContract;
}

/**
 * Reads the event out of a message.
 *
 * @throws UnreadableEvent saying what is wrong with it: not JSON, no CloudEvent, an unknown type, broken data
 */
export function readEvent(record: SQSRecord, contracts: ReadonlyMap<string, EventContract>): ReadEvent {
  const { event, problems } = checkEnvelope(parseBody(record.body));
  if (problems) throw new UnreadableEvent(`the message is no CloudEvent: ${describeProblems(problems)}`);
  const contract = contracts.get(event.type);
  if (!contract) {
    const known = [...contracts.keys()].join(', ');
    throw new UnreadableEvent(`the consumer does not know ${event.type}; it takes ${known}`);
  }
  const broken = contract.check(event.data);
  if (broken.length > 0) {
    throw new UnreadableEvent(`the data of ${event.type} breaks its contract: ${describeProblems(broken)}`);
  }
  return { event, contract };
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new UnreadableEvent(`the message ${cause.message}`, { cause });
  }
}

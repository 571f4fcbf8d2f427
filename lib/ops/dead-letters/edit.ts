import { checkEnvelope } from '../../contracts/envelope/envelope.ts';
import { isLargeDataLink } from '../../contracts/envelope/large-data.ts';
import { canonicalJson } from '../../contracts/json/canonical-json.ts';
import { isJsonObject, parseJson, toJson } from '../../contracts/json/json.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import type { OpsClients } from '../clients.ts';
import { UnreadableError } from '../errors.ts';
import type { DeadLetter, ReceivedDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Hold } from './hold.ts';
import { isWhole, lookThrough } from './look-through.ts';
import { type Refusal, sendBack } from './send-back.ts';

export interface EditOptions {
  readonly messageId: string;
  /** Returns the new data. If it throws, the message stays in its queue. */
  readonly edit: (deadLetter: DeadLetter) => unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface Edited {
  /** The dead letter before the edit. */
  readonly deadLetter: DeadLetter;
  readonly sent: boolean;
  /** Set when the message was sent, but SQS did not delete the old one: it is still in its dead-letter queue. */
  readonly undeleted?: Refusal | undefined;
}

/**
 * Sends one dead letter back to its consumer's queue with new data. If the data is unchanged, nothing is sent. During the edit only this
 * message is hidden from other readers.
 *
 * @param options `edit` may take long, because a person edits
 * @throws RangeError when there is no such message
 * @throws TypeError when it cannot be edited, or no consumer could read it with the new data: it stays in its queue
 * @throws UnreadableError when another reader may have received it
 */
export async function editDeadLetter(
  clients: OpsClients,
  queue: DeadLetterQueue,
  { messageId, edit, signal }: EditOptions,
): Promise<Edited> {
  let result: Edited | undefined;
  const editOne = async ({ deadLetter, message }: ReceivedDeadLetter, hold: Hold): Promise<void> => {
    await hold.releaseAllBut(messageId);
    const data = await edit(deadLetter);
    const sent = canonicalJson(data) !== canonicalJson(dataOf(deadLetter));
    let undeleted: Refusal | undefined;
    if (sent) {
      const { moved, refused, ...others } = await sendBack(clients, queue, [
        { ...message, Body: withData(deadLetter, data) },
      ]);
      if (refused[0])
        throw new Error(`SQS refused the message, and it stays in its queue: ${refused[0].reason}`);
      hold.forget(moved);
      [undeleted] = others.undeleted;
    }
    result = { deadLetter, sent, undeleted };
  };
  const look = await lookThrough(clients, queue, {
    signal,
    visit: async (received, hold) => {
      const found = received.find(({ deadLetter }) => deadLetter.messageId === messageId);
      if (found) await editOne(found, hold);
      return found ? 'enough' : 'next';
    },
  });
  if (result) return result;
  const notFound = `the ${queue.role} of ${queue.consumer.label} has no message ${messageId} among the ${look.seen} that were read`;
  if (isWhole(look)) throw new RangeError(notFound);
  throw new UnreadableError(`${notFound}; ${look.withOthers + look.notHandedOut} could not be read`);
}

/**
 * The data of the event in a dead letter.
 *
 * @throws TypeError when the dead letter is no event, or has only a link to its data
 */
export function dataOf(deadLetter: DeadLetter): unknown {
  return eventOf(deadLetter).data;
}

/**
 * The message with other data.
 *
 * @throws TypeError or JsonError when no consumer could read it: what is sent back must not be worse than what was there
 */
function withData(deadLetter: DeadLetter, data: unknown): string {
  const event = { ...eventOf(deadLetter), data };
  const body = toJson(event);
  const { problems } = checkEnvelope(event);
  if (!problems) return body;
  throw new TypeError(
    `message ${deadLetter.messageId} would stay unreadable with other data: ${describeProblems(problems)}`,
  );
}

function eventOf({ body, messageId }: DeadLetter): Readonly<Record<string, unknown>> {
  const notAnEvent = `message ${messageId} is no event: it cannot be edited; redrive or purge it`;
  let event: unknown;
  try {
    event = parseJson(body);
  } catch (cause) {
    throw new TypeError(notAnEvent, { cause });
  }
  if (!isJsonObject(event)) throw new TypeError(notAnEvent);
  // Data beside a link of the bus, and beside the size and hash of other data, would make the message unreadable.
  if (typeof event.dataref === 'string' && (event.data === undefined || isLargeDataLink(event.dataref)))
    throw new TypeError(
      `message ${messageId} has a link instead of its data: it cannot be edited; redrive it, or publish the right event and purge it`,
    );
  return event;
}

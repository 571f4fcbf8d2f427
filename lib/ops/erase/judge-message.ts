import type { Whose } from '../../archive/erase/subjects.ts';
import { checkEnvelope, type Envelope, identityOf } from '../../contracts/envelope/envelope.ts';
import { isJsonObject, parseJson } from '../../contracts/json/json.ts';
import type { Erasure } from './erasure.ts';
import { isOutOfReach, withLargeData } from './large-data.ts';

/** The body of a message, and whose event is in it. */
export interface JudgedMessage {
  /** `named`: it is no event, and has the name of the person in it. */
  readonly whose: Whose | 'named';
  readonly event?: Envelope | undefined;
}

/** Says whose event the body of a message is. It reads large data if the event has some. */
export async function judgeMessage(erasure: Erasure, body: string): Promise<JudgedMessage> {
  const { subjects } = erasure;
  const event = eventOf(body);
  if (!event) return { whose: subjects.isNamedIn(body) ? 'named' : 'others' };
  const whose = subjects.judge(await withLargeData(erasure, event));
  // Without the bucket, nobody knows what is in the large data.
  const isUnseen = whose === 'others' && isOutOfReach(erasure, event);
  return { whose: isUnseen ? 'unknown' : whose, event };
}

/** Notes a message that stays although it may be the person's. @param where of the message, such as its queue and its id */
export function noteUnjudged({ notes }: Erasure, { whose, event }: JudgedMessage, where: string): void {
  if (whose === 'named')
    notes.left.push({ what: where, why: 'it is no event, but it names the person; look at it' });
  if (whose === 'unknown' && event)
    notes.unknown.push({
      what: `${where}: ${identityOf(event)}`,
      why: event.datasha256 === undefined ? AT_A_LINK : NO_BUCKET,
    });
}

/** Why it is not known whose an event is. */
export const AT_A_LINK = 'its data, which names the person, is at a link of its publisher';

const NO_BUCKET = 'its data is in the bucket of a bus whose stack is not in this account and region';

/** The event is the body, or a member of it: a message of the queue of later events has its event there. */
function eventOf(body: string): Envelope | undefined {
  try {
    const value = parseJson(body);
    const isWrapped = isJsonObject(value) && value.specversion === undefined && value.event !== undefined;
    return checkEnvelope(isWrapped ? value.event : value).event;
  } catch {
    // What is no JSON is no event either.
    return undefined;
  }
}

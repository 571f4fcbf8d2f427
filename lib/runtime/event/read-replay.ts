import type { SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { type Replay, readReplay, recordKey } from '../../contracts/delivery/replay.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { ReplayRefusedError, UnreadableEventError } from '../errors.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_KEY_BYTES = 2048;

/**
 * The replay that has sent a message; undefined when no replay has.
 *
 * @throws UnreadableEventError when the attributes of the replay are wrong, or with its id the key of the event is too long
 * @throws ReplayRefusedError when the replay repeats effects, and the consumer does not allow that
 */
export function replayOf(
  // Lambda always sets them, but a test may have made the message by hand.
  { messageAttributes = {} }: SQSRecord,
  event: Envelope,
  definition: Pick<ConsumerDefinition, 'name' | 'replay'>,
): Replay | undefined {
  const replay = read(messageAttributes);
  if (replay?.mode !== 'again') return replay;
  if (definition.replay === 'refuse') throw new ReplayRefusedError(definition.name, replay.id);
  const bytes = Buffer.byteLength(recordKey(event, replay));
  if (bytes <= MAX_KEY_BYTES) return replay;
  throw new UnreadableEventError(
    `with the id of replay ${replay.id}, the source and id of the event have ${bytes} bytes; a record takes ${MAX_KEY_BYTES}; ` +
      'publish the event once more with a shorter id',
  );
}

function read(attributes: SQSRecord['messageAttributes']): Replay | undefined {
  try {
    return readReplay(attributes);
  } catch (cause) {
    const { message } = toError(cause);
    throw new UnreadableEventError(`the message is of no replay that Fanfare knows: ${message}`);
  }
}

import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { LARGE_DATA_LINK_BYTES } from '../../contracts/envelope/large-data.ts';
import type { Problem } from '../../contracts/text/problem.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';

/**
 * Why an event is too large, or undefined when it is not. SNS counts the body with the message attributes. An event that does not
 * fit into a message is allowed when the publisher can store its data in the bucket, unless the event already has a link.
 *
 * @param maxEventBytes the publisher's limit: more than a message when it can store data in the bucket
 */
export function sizeProblem(event: Envelope, maxEventBytes: number): Problem | undefined {
  const total = entryBytes(entryOf(event, 0, false));
  if (total <= MAX_MESSAGE_BYTES) return undefined;
  if (total > maxEventBytes || maxEventBytes <= MAX_MESSAGE_BYTES) {
    return tooLarge(`${total} bytes with its message attributes`, maxEventBytes);
  }
  const rest = entryBytes(entryOf({ ...event, data: undefined }, 0, false));
  if (rest > MAX_MESSAGE_BYTES - LARGE_DATA_LINK_BYTES - event.type.length) {
    return tooLarge(`${rest} bytes beside its data`, MAX_MESSAGE_BYTES);
  }
  if (event.dataref === undefined) return undefined;
  const both = `${total} bytes with its message attributes, and a link to its data; send only one of the two`;
  return tooLarge(both, MAX_MESSAGE_BYTES);
}

/** The problem of an event that has too many bytes. */
export function tooLarge(size: string, most: number): Problem {
  return { pointer: '', detail: `has ${size}; at most ${most} are allowed` };
}

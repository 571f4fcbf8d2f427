import type { Envelope } from '../contracts/envelope.ts';
import { LARGE_DATA_LINK_BYTES } from '../contracts/large-data.ts';
import type { Problem } from '../contracts/problem.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';

/**
 * Why an event is too large to be published, or undefined when it is not. SNS counts it with its message attributes. What does
 * not fit into a message fits if its data goes elsewhere, unless there is a link already.
 *
 * @param maxEventBytes what its publisher takes: more than a message when it can put data elsewhere
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
  const both = `${total} bytes with its message attributes, and a link to its data; leave one of both away`;
  return tooLarge(both, MAX_MESSAGE_BYTES);
}

/** The sentence for whatever has too many bytes. */
export function tooLarge(size: string, most: number): Problem {
  return { pointer: '', detail: `has ${size}; at most ${most} are taken` };
}

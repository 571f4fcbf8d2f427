import { inspectValue } from '../../contracts/json/json-value.ts';
import type { SagaDefinition, SagaParts } from '../../contracts/saga/saga-definition.ts';
import { PermanentError } from '../errors.ts';

/** Maximum bytes of a saga's key. DynamoDB takes 2,048. */
const MAX_ID_BYTES = 1_024;

/**
 * The key of the saga that an event names.
 *
 * @param type the type of the event, without its version
 * @param data data that its contract has checked
 * @throws PermanentError when it is no text of 1 to 1,024 bytes, or could not be kept unchanged: two halves of emojis would be one key
 */
export function sagaIdOf({ name, saga }: SagaDefinition, type: string, data: unknown): string {
  const id = correlated(saga, type, data);
  const refuse = (rule: string): never => {
    throw new PermanentError(`the ${type} names no saga of ${name}: correlate gives ${rule}`);
  };
  if (id instanceof Promise) return refuse('a promise, and a key is a text; write correlate without async');
  const bytes = typeof id === 'string' ? Buffer.byteLength(id) : 0;
  if (typeof id !== 'string' || bytes < 1 || bytes > MAX_ID_BYTES) {
    const what = typeof id === 'string' ? `a text of ${bytes} bytes` : typeof id;
    return refuse(`${what}, and a key has 1 to ${MAX_ID_BYTES} bytes`);
  }
  if (inspectValue(id, 0).problems.length > 0)
    return refuse(
      'a text with half a character, U+FFFE or U+FFFF; a key has whole characters, so cut texts at code points',
    );
  return id;
}

/**
 * What an event gives as the key of its saga: a text, unless the code of `correlate` was not checked by the compiler.
 *
 * @param type the type of the event, without its version
 * @param data data that its contract has checked
 */
export function correlated({ correlate }: SagaParts, type: string, data: unknown): unknown {
  if (typeof correlate === 'string') return Object(data)[correlate];
  // Each function gets the data of its own event type only, which has been checked.
  const id: unknown = correlate[type]?.(data as never);
  // Its rejection would end the process. The caller refuses a promise.
  if (id instanceof Promise) id.catch(() => undefined);
  return id;
}

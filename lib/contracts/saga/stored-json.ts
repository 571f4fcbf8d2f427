import { readCarefully } from '../json/json-text.ts';
import { inspectValue, MAX_JSON_DEPTH } from '../json/json-value.ts';

/**
 * Parses JSON that Fanfare itself has written. It is JSON.parse without the bug of V8 that confuses keys with escapes. It refuses no value, unlike
 * `parseJson`: a saga that runs may have one that is no longer accepted.
 *
 * @throws SyntaxError that quotes the text when it is not JSON
 * @see https://github.com/nodejs/node/issues/63785
 */
export function parseStoredJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const reading = readCarefully(text, inspectValue(value, MAX_JSON_DEPTH).members);
  return reading ? reading.value : value;
}

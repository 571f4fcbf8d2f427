import { readCarefully } from './json-text.ts';
import { inspectValue, MAX_JSON_DEPTH } from './json-value.ts';

/**
 * Parses JSON that Fanfare itself has stored. It is JSON.parse without the bug of V8 that confuses keys with escapes. It refuses no value, unlike
 * `parseJson`: what was stored may have one that is no longer accepted.
 *
 * @param what names the text in the error
 * @throws SyntaxError that does not quote the text when it is not JSON: it is logged, and the text may be a customer's data
 * @see https://github.com/nodejs/node/issues/63785
 */
export function parseStoredJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text.
    throw new SyntaxError(`${what} is not JSON`);
  }
  const reading = readCarefully(text, inspectValue(value, MAX_JSON_DEPTH).members);
  return reading ? reading.value : value;
}

import { isJsonObject, parseJson } from '../json/json.ts';

/**
 * Parses the filter policy of a subscription.
 *
 * @param consumer whose subscription it is, for the error
 * @throws JsonError when it is not JSON
 * @throws TypeError when it is no object, such as null, which would be taken for a filter that everything passes
 */
export function parsePolicy(text: string, consumer: string): Readonly<Record<string, unknown>> {
  const policy = parseJson(text);
  if (isJsonObject(policy)) return policy;
  throw new TypeError(`the filter policy of ${consumer} is no JSON object; deploy its stack again`);
}

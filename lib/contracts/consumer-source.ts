/** What the `source` of everything that consumers emit begins with. */
const PREFIX = '/consumers/';

/** The same as a regular expression, for the documents. */
export const CONSUMER_SOURCE_PATTERN = `^${PREFIX}`;

/** The `source` of what a consumer emits. */
export function consumerSource(consumer: string): string {
  return `${PREFIX}${consumer}`;
}

/** Whether a `source` is a consumer's: no client may publish under it. */
export function isConsumerSource(source: string): boolean {
  return source.startsWith(PREFIX);
}

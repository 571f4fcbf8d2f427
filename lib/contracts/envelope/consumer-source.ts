import { deploymentOfBus } from '../bus/deployment-of-bus.ts';

/** The beginning of the `source` of every event that a consumer emits. */
const PREFIX = '/consumers/';

/** The prefix as a regular expression, for the documents. */
export const CONSUMER_SOURCE_PATTERN = `^${PREFIX}`;

/** The `source` of the events that a consumer emits. @param emitter its `emitterName` */
export function consumerSource(emitter: string): string {
  return `${PREFIX}${emitter}`;
}

/**
 * What a consumer is called in the sources and ids of what it emits. Two apps may have consumers of one name, and emit about the same event:
 * so one that is not of the app of the bus has its own in front, as in `fraud-dev/email`.
 *
 * @param owner app and stage of the consumer, such as `fraud-dev`
 * @param busName the bus that it listens to, such as `shop-dev-Bus`
 */
export function emitterName(consumer: string, owner: string, busName: string): string {
  return owner === deploymentOfBus(busName) ? consumer : `${owner}/${consumer}`;
}

/** Whether a `source` belongs to a consumer. No client may publish under it. */
export function isConsumerSource(source: string): boolean {
  return source.startsWith(PREFIX);
}

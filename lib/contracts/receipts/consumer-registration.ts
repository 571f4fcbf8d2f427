import { BUS_PARAMETERS_PATH, type BusAddress, FIRST_BUS } from '../bus/bus-parameters.ts';
import type { RetryPolicy } from '../define-consumer.ts';
import { isJsonObject, parseJson } from '../json/json.ts';

/** What a consumer tells its bus of itself, so that a receipt can say what it does with an event. */
export interface ConsumerRegistration {
  /** What the consumer is called in the deployment: `email`, or `fraud-dev/email` of another app. */
  readonly consumer: string;
  /** Name of its idempotency table. */
  readonly table: string;
  /** Types on the wire of which it takes every event. */
  readonly types: readonly string[];
  /** Types of which it takes only events with certain data. */
  readonly filtered: readonly string[];
  readonly retry: Pick<RetryPolicy, 'maxAttempts' | 'firstDelaySeconds' | 'maxDelaySeconds'>;
}

/**
 * Characters of types in one parameter. A standard parameter has 4,096 characters; the rest is for the name of the table, which has 255 at most,
 * the name of the consumer and numbers.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
const MAX_TYPE_CHARACTERS = 3_000;

/** Where the consumers of a bus register themselves: `/fanfare/shop/dev/Bus/consumers`. Each has parameters of its own, in its own stack. */
export function registrationsPath({ app, stage, name = FIRST_BUS }: BusAddress): string {
  return `${BUS_PARAMETERS_PATH}${app}/${stage}/${name}/consumers`;
}

/** Name of a parameter of a consumer. @param part from 1 */
export function registrationName(path: string, consumer: string, part: number): string {
  return `${path}/${consumer}/${part}`;
}

/** Splits a registration into parts that each fit into a standard parameter. Nearly always it is one. */
export function splitRegistration(registration: ConsumerRegistration): readonly ConsumerRegistration[] {
  const parts: { types: string[]; filtered: string[]; characters: number }[] = [];
  const put = (kind: 'types' | 'filtered', type: string): void => {
    const characters = JSON.stringify(type).length + 1;
    let part = parts.at(-1);
    if (!part || part.characters + characters > MAX_TYPE_CHARACTERS) {
      part = { types: [], filtered: [], characters: 0 };
      parts.push(part);
    }
    part[kind].push(type);
    part.characters += characters;
  };
  for (const type of registration.types) put('types', type);
  for (const type of registration.filtered) put('filtered', type);
  return parts.map(({ types, filtered }) => ({ ...registration, types, filtered }));
}

/** Joins the parts of each consumer. The order is that of the consumers' names. */
export function joinRegistrations(parts: readonly ConsumerRegistration[]): readonly ConsumerRegistration[] {
  return [...Map.groupBy(parts, ({ consumer }) => consumer).values()]
    .flatMap((same) => {
      const [first] = same;
      if (!first) return [];
      const types = same.flatMap((part) => part.types);
      return [{ ...first, types, filtered: same.flatMap((part) => part.filtered) }];
    })
    .toSorted((a, b) => (a.consumer < b.consumer ? -1 : 1));
}

/** Reads the value of a parameter; undefined when it is no registration: another program writes there, or a newer version. */
export function readRegistration(value: string): ConsumerRegistration | undefined {
  let json: unknown;
  try {
    json = parseJson(value);
  } catch {
    // The caller counts what it cannot read.
    return undefined;
  }
  if (!isJsonObject(json) || !isJsonObject(json.retry)) return undefined;
  const { consumer, table, types, filtered } = json;
  const { maxAttempts, firstDelaySeconds, maxDelaySeconds } = json.retry;
  if (typeof consumer !== 'string' || typeof table !== 'string') return undefined;
  if (!isTexts(types) || !isTexts(filtered)) return undefined;
  const retry = {
    maxAttempts: Number(maxAttempts),
    firstDelaySeconds: Number(firstDelaySeconds),
    maxDelaySeconds: Number(maxDelaySeconds),
  };
  return { consumer, table, types, filtered, retry };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

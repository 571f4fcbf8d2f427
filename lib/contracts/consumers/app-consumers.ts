import * as z from 'zod';
import { type PublishedSchema, publishedSchema } from '../compatibility/json-schema.ts';
import type { ConsumerDefinition } from '../define-consumer.ts';
import { describeProblems, jsonPointer } from '../text/problem.ts';

/** Version of the file's form. It increases when a field is removed or changes its meaning. */
const FORMAT = 1;

/** What one app's consumers take, for the app that publishes it. `fanfare contracts consumers` writes it as a file. */
export interface AppConsumers {
  readonly fanfareConsumers: typeof FORMAT;
  readonly app: string;
  readonly consumers: readonly ConsumerTakes[];
}

/** A consumer, and what it takes. */
export interface ConsumerTakes {
  readonly name: string;
  readonly description: string;
  readonly takes: readonly TakenEvent[];
  /** The data of each version as the consumer knows it, by the type on the wire. Another consumer may know more or less of it. */
  readonly schemas: Readonly<Record<string, PublishedSchema>>;
}

/** An event that a consumer takes. */
export interface TakenEvent {
  /** The name without a version, such as `shop.OrderPlaced`. */
  readonly type: string;
  readonly versions: readonly number[];
  /** Paths of the values that its filter compares, such as `address.country`. */
  readonly where: readonly string[];
}

const file = z.object({
  fanfareConsumers: z.literal(FORMAT),
  app: z.string(),
  consumers: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      takes: z.array(z.object({ type: z.string(), versions: z.array(z.int()), where: z.array(z.string()) })),
      schemas: z.record(z.string(), z.looseObject({ title: z.string() })),
    }),
  ),
});

/** Describes the consumers of an app. The same definitions give the same text. */
export function describeConsumers(app: string, definitions: readonly ConsumerDefinition[]): AppConsumers {
  const consumers = definitions.map(describeConsumer);
  return {
    fanfareConsumers: FORMAT,
    app,
    consumers: consumers.toSorted((a, b) => compareTexts(a.name, b.name)),
  };
}

function describeConsumer({ name, description, listensTo, where }: ConsumerDefinition): ConsumerTakes {
  const takes = listensTo.map(({ type, versions }) => ({
    type,
    versions: versions.map(({ version }) => version),
    where: Object.keys(where[type] ?? {}).toSorted(),
  }));
  const schemas = listensTo.flatMap(({ versions, description }) =>
    versions.map((version) => [version.versionedType, publishedSchema(version, description)] as const),
  );
  return {
    name,
    description,
    takes: takes.toSorted((a, b) => compareTexts(a.type, b.type)),
    schemas: Object.fromEntries(schemas.toSorted(([a], [b]) => compareTexts(a, b))),
  };
}

/**
 * Reads such a file.
 *
 * @throws TypeError that names what is wrong
 */
export function readConsumers(value: unknown): AppConsumers {
  const read = file.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => ({
    pointer: jsonPointer(path),
    detail: message,
  }));
  throw new TypeError(
    `is not what 'fanfare contracts consumers' writes: ${describeProblems(problems.slice(0, 3))}`,
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

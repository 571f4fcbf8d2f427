import type * as z from 'zod';
import type { Envelope } from './envelope.ts';
import { jsonPointer, type Problem } from './problem.ts';

const TYPE_PATTERN = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*\.[A-Z][A-Za-z0-9]*$/;

/**
 * The contract of one version of one event: its name, and the shape of its data.
 *
 * It is a value, so that the check at the door, the filter policies and the documents come from the same place
 * as the TypeScript type.
 */
export interface EventContract<Type extends string = string, Data = unknown> {
  /** The name without a version, in the past tense: `shop.OrderPlaced`. */
  readonly type: Type;
  /** A whole number from 1 on. */
  readonly version: number;
  /** The `type` attribute on the wire: `shop.OrderPlaced.v1`. */
  readonly versionedType: string;
  /** What happened, in one sentence. */
  readonly description: string;
  /** The zod schema of the data. */
  readonly schema: z.ZodType<Data>;
  /** Checks data against the schema; the problems' pointers start at `/data`. An empty list means that it holds. */
  check(data: unknown): readonly Problem[];
}

/** The data that a contract describes. */
export type DataOf<Contract extends EventContract> = z.output<Contract['schema']>;

/** An event of this contract, as a handler gets it. The conditional type distributes over a union of contracts. */
export type EventOf<Contract extends EventContract> = Contract extends EventContract
  ? Envelope<DataOf<Contract>> & { readonly data: DataOf<Contract> }
  : never;

/**
 * Defines an event: a fact in the past tense, with a version.
 *
 * @example
 * export const OrderPlaced = defineEvent({
 *   type: 'shop.OrderPlaced',
 *   version: 1,
 *   description: 'A customer has placed an order and the shop has accepted it.',
 *   data: z.object({ orderId: z.string() }),
 * });
 * @throws TypeError when the type is not `domain.PastTenseName` or the version is not a whole number from 1 on
 */
export function defineEvent<const Type extends string, Schema extends z.ZodType>(definition: {
  readonly type: Type;
  readonly version: number;
  readonly description: string;
  readonly data: Schema;
}): EventContract<Type, z.output<Schema>> {
  const { type, version, description, data } = definition;
  if (!TYPE_PATTERN.test(type)) {
    throw new TypeError(
      `event type '${type}' must read domain.PastTenseName, for example 'shop.OrderPlaced'`,
    );
  }
  if (!Number.isInteger(version) || version < 1) {
    throw new TypeError(`version of ${type} must be a whole number from 1 on, got ${version}`);
  }
  return {
    type,
    version,
    versionedType: `${type}.v${version}`,
    description,
    schema: data as z.ZodType<z.output<Schema>>,
    check: (value) => problemsOf(data, value),
  };
}

function problemsOf(schema: z.ZodType, value: unknown): readonly Problem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({
    pointer: jsonPointer(['data', ...issue.path]),
    detail: issue.message,
  }));
}

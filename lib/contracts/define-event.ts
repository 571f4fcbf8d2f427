import type * as z from 'zod';
import type { EarlierVersions } from './earlier-versions.ts';
import type { Envelope } from './envelope.ts';
import { createVersion, type EventVersion } from './event-version.ts';
import { type UpcastStep, upcastData } from './upcast.ts';

const TYPE_PATTERN = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*\.[A-Z][A-Za-z0-9]*$/;

/**
 * The contract of an event: its name, the shape of its data, and the older shapes that can still be read.
 *
 * It is a value, so that the check at the door, the filter policies and the documents come from the same place
 * as the TypeScript type. What it says of itself as a version (`version`, `versionedType`, `schema`, `check`) is that of the
 * newest.
 */
export interface EventContract<Type extends string = string, Data = unknown> extends EventVersion {
  readonly type: Type;
  /** What happened, in one sentence. */
  readonly description: string;
  readonly schema: z.ZodType<Data>;
  /** Every version that it knows, oldest first, without gaps; the last is the contract's own. */
  readonly versions: readonly EventVersion[];
  /**
   * Reads data of a known version as data of the newest: checks it against its own version, takes it from version to
   * version, and checks what comes out of every step.
   *
   * @throws BrokenContract saying which version, or which upcast, is to blame
   * @throws RangeError when the contract does not know the version
   */
  upcast(version: number, data: unknown): Data;
}

/** The data that a contract, or one version of it, describes. */
export type DataOf<Contract extends EventVersion> = z.output<Contract['schema']>;

/** An event of this contract, as a handler gets it. The conditional type distributes over a union of contracts. */
export type EventOf<Contract extends EventContract> = Contract extends EventContract
  ? Envelope<DataOf<Contract>> & { readonly data: DataOf<Contract> }
  : never;

/** What `defineEvent` takes. */
export interface EventDefinition<
  Type extends string,
  Newest extends z.ZodType,
  Schemas extends readonly z.ZodType[],
> {
  /** The name without a version, in the past tense: `shop.OrderPlaced`. */
  readonly type: Type;
  /** The newest version: a whole number from 1 on. */
  readonly version: number;
  /** What happened, in one sentence. */
  readonly description: string;
  /** The shape of the newest version's data. */
  readonly data: Newest;
  /** Older versions that are still read, oldest first, without gaps. @default - none */
  readonly earlier?: EarlierVersions<Schemas, Newest>;
}

interface EarlierVersion {
  readonly version: number;
  readonly data: z.ZodType;
  readonly upcast: (data: unknown) => unknown;
}

/**
 * Defines an event: a fact in the past tense, with a version.
 *
 * @example
 * export const OrderPlaced = defineEvent({
 *   type: 'shop.OrderPlaced',
 *   version: 2,
 *   description: 'A customer has placed an order and the shop has accepted it.',
 *   data: z.object({ orderId: z.string(), channel: z.enum(['web', 'store']) }),
 *   earlier: [
 *     { version: 1, data: z.object({ orderId: z.string() }), upcast: (data) => ({ ...data, channel: 'web' }) },
 *   ],
 * });
 * @throws TypeError when the type is not `domain.PastTenseName`, a version is not a whole number from 1 on, or the
 * earlier ones do not lead up to the newest one by one
 */
export function defineEvent<
  const Type extends string,
  Newest extends z.ZodType,
  const Schemas extends readonly z.ZodType[] = [],
>(definition: EventDefinition<Type, Newest, Schemas>): EventContract<Type, z.output<Newest>> {
  const { type, version, description, data } = definition;
  if (!TYPE_PATTERN.test(type)) {
    throw new TypeError(
      `event type '${type}' must read domain.PastTenseName, for example 'shop.OrderPlaced'`,
    );
  }
  // Each upcast is only ever called with data that its own schema has let through: that makes the cast right.
  const earlier = (definition.earlier ?? []) as readonly EarlierVersion[];
  const numbers = [...earlier.map((one) => one.version), version];
  refuseGaps(type, numbers);
  const newest = createVersion(type, version, data);
  const steps: readonly UpcastStep[] = [
    ...earlier.map((one) => ({ version: createVersion(type, one.version, one.data), upcast: one.upcast })),
    { version: newest },
  ];
  return {
    ...newest,
    type,
    description,
    schema: data as z.ZodType<z.output<Newest>>,
    versions: steps.map((step) => step.version),
    upcast: (from, value) => {
      const first = numbers.indexOf(from);
      if (first < 0) throw new RangeError(`${type} has the versions ${numbers.join(', ')}, not ${from}`);
      // The last step has parsed it with the newest schema.
      return upcastData(steps.slice(first), value) as z.output<Newest>;
    },
  };
}

function refuseGaps(type: string, numbers: readonly number[]): void {
  const wrong = numbers.find((number) => !Number.isInteger(number) || number < 1);
  if (wrong !== undefined) {
    throw new TypeError(`version of ${type} must be a whole number from 1 on, got ${wrong}`);
  }
  const [oldest = 1] = numbers;
  if (numbers.some((number, index) => number !== oldest + index)) {
    throw new TypeError(
      `the versions of ${type} are ${numbers.join(', ')}; list the earlier ones oldest first, without gaps, up to the newest`,
    );
  }
}

import type * as z from 'zod';
import { refuseLateUpcast } from '#check-definition';
import { findHidden } from '#find-hidden';
import { refuseWrongLinks } from './data-links.ts';
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
export interface EventContract<
  Type extends string = string,
  Data = unknown,
  Links extends readonly string[] = readonly string[],
> extends EventVersion {
  readonly type: Type;
  /** What happened, in one sentence. */
  readonly description: string;
  readonly schema: z.ZodType<Data>;
  readonly links: Links;
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
  ? Contract['links'] extends readonly []
    ? Envelope<DataOf<Contract>> & { readonly data: DataOf<Contract> }
    : LinkedEvent<DataOf<Contract>>
  : never;

/** An event that may carry a link in the place of its data. */
export interface LinkedEvent<Data> extends Envelope<Data> {
  /**
   * The data: what the event carries, or else what lies at its link, fetched once and checked against the contract.
   *
   * @throws DataUnavailable when there is nothing to be had, which ends in the dead-letter queue if it is not caught
   * @throws Error when it may be there another time
   */
  resolve(): Promise<Data>;
}

/** What `defineEvent` takes. */
export interface EventDefinition<
  Type extends string,
  Newest extends z.ZodType,
  Schemas extends readonly z.ZodType[],
  Links extends readonly string[],
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
  /**
   * Lets an event carry a link (`dataref`) in the place of its data, that begins with one of these only: a host and a path with a
   * slash at its end, such as `https://reviews.example.com/reviews/`. Handlers get the data with `await event.resolve()`.
   *
   * @default - the data is in the event
   */
  readonly links?: Links;
  /**
   * Only consumers emit it: the HTTP API refuses it, so that nobody can forge what a consumer says. @default false - whoever may publish
   * may publish it
   */
  readonly internal?: boolean;
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
 * earlier ones do not lead up to the newest one by one, an upcast is async, or what it may link to is no host with a path, or the JSON
 * Schema of a version
 * would not show all of it
 */
export function defineEvent<
  const Type extends string,
  Newest extends z.ZodType,
  const Schemas extends readonly z.ZodType[] = [],
  const Links extends readonly string[] = readonly [],
>(definition: EventDefinition<Type, Newest, Schemas, Links>): EventContract<Type, z.output<Newest>, Links> {
  const { type, version, description, data, internal = false } = definition;
  if (!TYPE_PATTERN.test(type)) {
    throw new TypeError(
      `event type '${type}' must read domain.PastTenseName, for example 'shop.OrderPlaced'`,
    );
  }
  // Each upcast is only ever called with data that its own schema has let through: that makes the cast right.
  const earlier = (definition.earlier ?? []) as readonly EarlierVersion[];
  const numbers = [...earlier.map((one) => one.version), version];
  refuseGaps(type, numbers);
  for (const { version, upcast } of earlier) refuseLateUpcast(`${type}.v${version}`, upcast);
  // Without `links` its type is the empty list, which this is.
  const links = (definition.links ?? []) as Links;
  refuseWrongLinks(type, links);
  const newest = createVersion({ type, version, schema: data, links, internal });
  const steps: readonly UpcastStep[] = [
    ...earlier.map((one) => ({
      version: createVersion({ type, version: one.version, schema: one.data, links, internal }),
      upcast: one.upcast,
    })),
    { version: newest },
  ];
  for (const { version } of steps) refuseHidden(version);
  return {
    ...newest,
    type,
    links,
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

function refuseHidden({ versionedType, schema }: EventVersion): void {
  const hidden = findHidden(schema);
  if (hidden.length === 0) return;
  const lines = hidden.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
  throw new TypeError(
    `${versionedType} cannot be defined, for its JSON Schema would not show all of it:${lines.join('')}`,
  );
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

import type * as z from 'zod';
import {
  refuseLateUpcast,
  refuseWrongPersonal,
  refuseWrongSchedule,
  refuseWrongScheduleForm,
} from '#check-definition';
import { findHidden } from '#find-hidden';
import { refuseWrongLinks } from './envelope/data-links.ts';
import type { Envelope } from './envelope/envelope.ts';
import type { Personal } from './personal/personal.ts';
import { type EventSchedule, type RecurringSchedule, scheduleOf } from './recurring-schedule.ts';
import type { EarlierVersions } from './versions/earlier-versions.ts';
import { createVersion, type EventVersion } from './versions/event-version.ts';
import { type UpcastStep, upcastData } from './versions/upcast.ts';

const TYPE_PATTERN = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*\.[A-Z][A-Za-z0-9]*$/;

/**
 * The contract of an event: its name, the schema of its data, and the older versions that can still be read.
 *
 * The checks of the API, the filter policies, the documents and the TypeScript type all come from this value. Its properties as a version
 * (`version`, `versionedType`, `schema`, `check`) are those of the newest version.
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
  /** When the bus publishes it by itself, again and again; undefined when it does not. */
  readonly schedule: EventSchedule | undefined;
  /** All versions of the contract, oldest first, without gaps. The last one is the newest. */
  readonly versions: readonly EventVersion[];
  /**
   * Converts data of a known version to the newest version. It checks the data against its own version, and the result of every upcast
   * against the version that it converts to.
   *
   * @throws BrokenContractError that names the version whose data is invalid, or the upcast that failed
   * @throws RangeError when the contract does not have the version
   */
  upcast(version: number, data: unknown): Data;
}

/** The type of the data of a contract or of one of its versions. */
export type DataOf<Contract extends EventVersion> = z.output<Contract['schema']>;

/** The type of an event as a handler gets it. It distributes over a union of contracts. */
export type EventOf<Contract extends EventContract> = Contract extends EventContract
  ? Contract['links'] extends readonly []
    ? Envelope<DataOf<Contract>> & { readonly data: DataOf<Contract> }
    : LinkedEvent<DataOf<Contract>>
  : never;

/** An event whose data was erased, as a handler of a consumer with `erased: 'handle'` gets it. Its subject and its own attributes are gone too. */
export interface ErasedEvent extends Envelope<undefined> {
  readonly data?: undefined;
  /** RFC 3339 time of the erasure. */
  readonly erased: string;
}

/** An event that may have a link instead of its data. */
export interface LinkedEvent<Data> extends Envelope<Data> {
  /**
   * Returns the data of the event or, if the event has a link, the data at the link. It fetches the data once and checks it against the
   * contract.
   *
   * @throws DataUnavailableError when there is no data at the link. If the handler does not catch it, the event goes to the dead-letter queue.
   * @throws Error when the data may be available later
   */
  resolve(): Promise<Data>;
}

/** The properties of `defineEvent`. */
export interface EventDefinition<
  Type extends string,
  Newest extends z.ZodType,
  Schemas extends readonly z.ZodType[],
  Links extends readonly string[],
> {
  /** The name without a version, in the past tense: `shop.OrderPlaced`. */
  readonly type: Type;
  /** The newest version: an integer from 1. */
  readonly version: number;
  /** What happened, in one sentence. */
  readonly description: string;
  /** The zod schema of the newest version's data. */
  readonly data: Newest;
  /** Older versions that can still be read, oldest first, without gaps. @default - none */
  readonly earlier?: EarlierVersions<Schemas, Newest>;
  /**
   * Allowed prefixes of links. An event may then have a link (`dataref`) instead of its data, if the link begins with one of them. A prefix
   * is a host and a path with a slash at its end, such as `https://reviews.example.com/reviews/`. Handlers get the data with
   * `await event.resolve()`.
   *
   * @default - none: every event has its data
   */
  readonly links?: Links;
  /**
   * Where the data names the person that the event is about. `fanfare erase --subject` finds the events of a person by it. An earlier version
   * that names it elsewhere has its own. See docs/erase.md. @default - the attribute `subject` of the event names the person
   */
  readonly personal?: Personal;
  /**
   * Whether only consumers may emit the event. The HTTP API refuses an internal event, so that nobody can forge it. @default false
   */
  readonly internal?: boolean;
  /**
   * When the bus publishes the event by itself, again and again: `rate(1 day)`, or an expression with a time zone and with data. Its `time` is
   * the one that it was due at. See docs/later.md. @default - never
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule?: string | RecurringSchedule<z.input<Newest>>;
}

interface EarlierVersion {
  readonly version: number;
  readonly data: z.ZodType;
  readonly upcast: (data: unknown) => unknown;
  readonly personal?: Personal | undefined;
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
 * @throws TypeError when the type is not `domain.PastTenseName`, a version is not an integer from 1, the versions have gaps, an upcast is
 *   async, an allowed link is not a host with a path, the schedule is none, or has data that breaks the contract or cannot be sent, `personal` names nothing in the data, or a schema has something that its JSON Schema cannot show
 */
export function defineEvent<
  const Type extends string,
  Newest extends z.ZodType,
  const Schemas extends readonly z.ZodType[] = [],
  const Links extends readonly string[] = readonly [],
>(definition: EventDefinition<Type, Newest, Schemas, Links>): EventContract<Type, z.output<Newest>, Links> {
  const { type, version, description, data, personal, internal = false } = definition;
  if (!TYPE_PATTERN.test(type)) {
    throw new TypeError(
      `event type '${type}' must read domain.PastTenseName, for example 'shop.OrderPlaced'`,
    );
  }
  // The cast is safe, because each upcast is called only with data that its own schema has accepted.
  const earlier = (definition.earlier ?? []) as readonly EarlierVersion[];
  const numbers = [...earlier.map((one) => one.version), version];
  refuseGaps(type, numbers);
  for (const { version, upcast } of earlier) refuseLateUpcast(`${type}.v${version}`, upcast);
  // Without `links`, the type `Links` is the empty list, and so is the value.
  const links = (definition.links ?? []) as Links;
  refuseWrongLinks(type, links);
  const newest = createVersion({ type, version, schema: data, links, internal, personal });
  const steps: readonly UpcastStep[] = [
    ...earlier.map((one) => ({
      version: createVersion({ personal, ...one, type, schema: one.data, links, internal }),
      upcast: one.upcast,
    })),
    { version: newest },
  ];
  for (const { version } of steps) {
    refuseHidden(version);
    refuseWrongPersonal(version.versionedType, version.schema, version.personal);
  }
  refuseWrongScheduleForm(newest.versionedType, definition.schedule);
  const schedule = scheduleOf(definition.schedule);
  if (schedule) refuseWrongSchedule(newest.versionedType, schedule, newest.check(schedule.data));
  return {
    ...newest,
    schedule,
    type,
    links,
    description,
    schema: data as z.ZodType<z.output<Newest>>,
    versions: steps.map((step) => step.version),
    upcast: (from, value) => {
      const first = numbers.indexOf(from);
      if (first < 0) throw new RangeError(`${type} has the versions ${numbers.join(', ')}, not ${from}`);
      // The last step has parsed the data with the newest schema.
      return upcastData(steps.slice(first), value) as z.output<Newest>;
    },
  };
}

function refuseHidden({ versionedType, schema }: EventVersion): void {
  const hidden = findHidden(schema);
  if (hidden.length === 0) return;
  const lines = hidden.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
  throw new TypeError(
    `${versionedType} cannot be defined, because its JSON Schema cannot show all of it:${lines.join('')}`,
  );
}

function refuseGaps(type: string, numbers: readonly number[]): void {
  const wrong = numbers.find((number) => !Number.isInteger(number) || number < 1);
  if (wrong !== undefined) {
    throw new TypeError(`version of ${type} must be an integer from 1, got ${wrong}`);
  }
  const [oldest = 1] = numbers;
  if (numbers.some((number, index) => number !== oldest + index)) {
    throw new TypeError(
      `the versions of ${type} are ${numbers.join(', ')}; list the earlier ones oldest first, without gaps, up to the newest`,
    );
  }
}

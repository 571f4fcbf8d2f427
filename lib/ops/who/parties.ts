/** Who publishes an event, and who takes it. */
export interface EventParties {
  /** Without a version, such as `shop.OrderPlaced`. */
  readonly type: string;
  /** The versions that contracts, consumers and subscriptions name. */
  readonly versions: readonly number[];
  readonly producers: readonly EventProducer[];
  readonly consumers: readonly EventConsumer[];
}

export interface EventProducer {
  /** `anyone`: the HTTP API has no declared producers, so whoever may call it publishes. `declared`: one of its producers. `consumer`: it emits the event. `bridge`: it publishes events of EventBridge. `schedule`: the bus publishes the event by itself, again and again. */
  readonly kind: 'anyone' | 'declared' | 'consumer' | 'bridge' | 'schedule';
  /** Name of the producer or the schedule, or label of the consumer or bridge; empty for `anyone`. */
  readonly name: string;
  /** The app and the stage that it belongs to, such as `shop-dev`: of a declared producer and a schedule, those of the bus. */
  readonly owner: string;
  /** Versions that it publishes; empty: any. */
  readonly versions: readonly number[];
  /** Sources that belong to a declared producer, or the source of what a schedule publishes. */
  readonly sources?: readonly string[] | undefined;
  /** When a schedule publishes it, such as `rate(1 day)`. */
  readonly expression?: string | undefined;
  /** Of the expression, such as `Europe/Berlin`. */
  readonly timezone?: string | undefined;
}

export interface EventConsumer {
  /** Label of the consumer; of a subscription without a known stack, the name of its queue. */
  readonly name: string;
  /** The app and the stage that it belongs to, or the account of a queue in another one. Null: no stack says whose it is. */
  readonly owner: string | null;
  /** Versions that it takes; empty: all, because it does not filter by type. */
  readonly versions: readonly number[];
  /** What else its filter asks for, by version; none: it takes every event. */
  readonly filters: readonly EventFilter[];
}

/** One alternative of a filter policy. */
export interface EventFilter {
  readonly versions: readonly number[];
  /** As in the filter policy, without the type. */
  readonly policy: Readonly<Record<string, unknown>>;
}

/** A type with its version, such as `shop.OrderPlaced.v1`, in its two parts; undefined when it has no version. */
export function splitVersion(versionedType: string): { type: string; version: number } | undefined {
  const [, type, version] = /^(.+)\.v(\d+)$/.exec(versionedType) ?? [];
  return type === undefined ? undefined : { type, version: Number(version) };
}

/** The versions of one type among versioned types, sorted. */
export function versionsOf(type: string, versionedTypes: Iterable<string>): readonly number[] {
  const found = [...versionedTypes].flatMap((one) => {
    const parts = splitVersion(one);
    return parts?.type === type ? parts.version : [];
  });
  return [...new Set(found)].toSorted((a, b) => a - b);
}

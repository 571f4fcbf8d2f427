/** Attributes of an emitted event that a handler can set. */
export interface EmitOptions {
  /** What the event is about, such as an order's id. @default - none */
  readonly subject?: string;
  /** On a FIFO bus, events with the same key stay in order: 1 to 128 ASCII letters, digits or punctuation characters. @default - that of the handled event */
  readonly partitionkey?: string;
  /** On a standard bus, the tenant that the event belongs to, for fairness. @default - that of the handled event */
  readonly tenant?: string;
  /**
   * When the event is delivered, at most 365 days from now: a time that has passed is at once. It needs `emitsLater` in the consumer's
   * definition. See docs/later.md. @default - at once
   */
  readonly at?: Date | string;
  /** In how many seconds the event is delivered; instead of `at`. @default - at once */
  readonly in?: number;
  /**
   * What the consumer calls the event in `ctx.cancel`: 1 to 256 characters. Several events may have one key. Only with `at` or `in`.
   * @default - none: the event can be cancelled by its id
   */
  readonly key?: string;
}

/** What identifies an emitted event. */
export interface EmittedEvent {
  readonly id: string;
  readonly source: string;
  /** Its type on the wire, such as `shop.OrderPlaced.v1`. */
  readonly type: string;
}

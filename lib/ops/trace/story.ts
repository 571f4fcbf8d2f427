/** An event with what came of it. Times are epoch milliseconds. */
export interface StoryEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** When it happened, if its publisher or a record says so. */
  readonly at?: number | undefined;
  readonly handlings: readonly Handling[];
}

/** One event at one consumer. */
export interface Handling {
  readonly consumer: string;
  readonly status: string;
  /** When the last attempt began. */
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly attempts?: number | undefined;
  readonly error?: string | undefined;
  readonly emitted: readonly StoryEvent[];
}

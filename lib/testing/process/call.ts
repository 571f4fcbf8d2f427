/** One call of a service. */
export interface Call {
  /** As the SDK names it: `DynamoDB`, `SNS`, `SQS`, `SESv2`; or `fetch`. */
  readonly service: string;
  /** `PutItem`, or the method of a `fetch`. */
  readonly operation: string;
  /** Whether the handler makes it, by its own client or by `ctx.commit`; else the runtime does. */
  readonly byHandler: boolean;
}

/** What goes wrong with one call. */
export interface Disturbance {
  /** The process dies right before the call is sent, or after it was executed and before its answer arrives. */
  readonly crash?: 'before' | 'after' | undefined;
  /** The call is not executed: this is its answer. */
  readonly refusal?: Error | undefined;
  /** The call is executed, and its answer is lost. */
  readonly lostAnswer?: boolean | undefined;
  /** The answer is lost, and the SDK sends the same call again: it is executed twice. */
  readonly repeated?: boolean | undefined;
  /** How long the answer takes, in milliseconds. @default 0 */
  readonly delayMs?: number | undefined;
  /** The whole process stands still for so long before the call is sent, in milliseconds. @default 0 */
  readonly freezeMs?: number | undefined;
}

export interface CallOptions {
  readonly abortSignal?: AbortSignal | undefined;
}

/** How a call ended at the service. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown } | undefined;

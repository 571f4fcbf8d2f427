/**
 * What can be broken on purpose.
 *
 * On a function: `fail` (what its effect goes through answers 500: transactions, puts and deletes of DynamoDB, and SES),
 * `slow` (the same calls take three seconds longer), `timeout` (nothing that it calls answers), `crash` (its process dies
 * in the middle of an invocation), `duplicate` (every delivery comes twice). On an engine: `away` (functions cannot reach it).
 */
export const FAULT_KINDS = ['fail', 'slow', 'timeout', 'crash', 'duplicate', 'away'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The engines that can be taken away: SNS, SQS, S3 and SES are one, DynamoDB is the other. */
export const ENGINES = ['aws', 'dynamodb'] as const;
export type Engine = (typeof ENGINES)[number];

/** A fault that is on, until it is mended. */
export interface Fault {
  /** Name of a function, or of an engine. */
  readonly target: string;
  readonly kind: FaultKind;
}

export function isFaultKind(text: unknown): text is FaultKind {
  return FAULT_KINDS.some((kind) => kind === text);
}

export function isEngine(text: string): text is Engine {
  return ENGINES.some((engine) => engine === text);
}

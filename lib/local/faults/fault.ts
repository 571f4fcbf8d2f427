/**
 * Faults that can be turned on on purpose. Those of a function:
 *
 * - `fail`: requests that have effects (transactions, puts and deletes of DynamoDB, and SES) are answered with 500.
 * - `slow`: the same requests take three seconds longer.
 * - `timeout`: no request of the function is answered.
 * - `crash`: its process dies during an invocation.
 * - `duplicate`: every delivery comes twice.
 *
 * The fault of an engine is `unreachable`: functions cannot reach it.
 */
export const FAULT_KINDS = ['fail', 'slow', 'timeout', 'crash', 'duplicate', 'unreachable'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The engines that can be made unreachable: `aws` is SNS, SQS, S3 and SES. */
export const ENGINES = ['aws', 'dynamodb'] as const;
export type Engine = (typeof ENGINES)[number];

/** A fault that is on. It stays on until it is repaired. */
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

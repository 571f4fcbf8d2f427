import type { Node } from 'constructs';
import { MAX_REQUEST_BYTES } from '../../contracts/envelope/request-limits.ts';
import type { Stage } from '../stage.ts';

/** Limits that keep one caller from using up the account: its money, and the concurrency that all functions share. */
export interface Brakes {
  /** `-c apiRate=`: requests per second that the API takes; more are answered 429. @default 500 */
  readonly apiRate: number;
  /** `-c apiBurst=`: how many may come at once. @default 500 */
  readonly apiBurst: number;
  /**
   * `-c publishConcurrency=`: reserved concurrency of the publish function: its minimum and its maximum at once. AWS
   * refuses it in an account whose quota leaves too little for the others. @default 50 in prod, none in dev
   */
  readonly publishConcurrency: number | undefined;
  /** `-c maxRequestBytes=`: the largest request, in bytes. @default 4,669,440, the largest that API Gateway can hand over */
  readonly maxRequestBytes: number;
  /** `-c largeDataGigabytes=`: an alarm is raised when the bucket of large data holds more. @default 10 */
  readonly largeDataGigabytes: number;
  /** `-c monthlyBudget=`: dollars; AWS sends a mail to `alarmEmail` at 80 and at 100 % of it. @default - no budget */
  readonly monthlyBudget: number | undefined;
}

/** Names in the context. */
export const BRAKE_NAMES = [
  'apiRate',
  'apiBurst',
  'publishConcurrency',
  'maxRequestBytes',
  'largeDataGigabytes',
  'monthlyBudget',
] as const;

const PROD_CONCURRENCY = 50;

/** @throws TypeError naming the setting, what it is, and what it may be */
export function readBrakes(node: Node, stage: Stage): Brakes {
  const read = (name: (typeof BRAKE_NAMES)[number], from: number, to: number): number | undefined => {
    const value: unknown = node.tryGetContext(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (String(value).trim() !== '' && Number.isInteger(number) && number >= from && number <= to)
      return number;
    throw new TypeError(
      `${name} is ${JSON.stringify(value)}; give it a whole number from ${from} to ${to}: -c ${name}=...`,
    );
  };
  return {
    apiRate: read('apiRate', 1, 10_000) ?? 500,
    apiBurst: read('apiBurst', 1, 5_000) ?? 500,
    publishConcurrency:
      read('publishConcurrency', 1, 10_000) ?? (stage.profile === 'prod' ? PROD_CONCURRENCY : undefined),
    maxRequestBytes: read('maxRequestBytes', 1_024, MAX_REQUEST_BYTES) ?? MAX_REQUEST_BYTES,
    largeDataGigabytes: read('largeDataGigabytes', 1, 1_000_000) ?? 10,
    monthlyBudget: read('monthlyBudget', 1, 1_000_000_000),
  };
}

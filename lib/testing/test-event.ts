import type { DataOf, EventContract } from '../contracts/define-event.ts';
import { SPEC_VERSION } from '../contracts/envelope/envelope.ts';

/** An event for a consumer under test, by the type of its contract without the version. */
export type TestEvent<Contract extends EventContract> = Contract extends EventContract
  ? {
      readonly type: Contract['type'];
      readonly data: DataOf<Contract>;
      /** With `source`, identifies the event. @default - an id that no other event of the test has */
      readonly id?: string;
      /** @default '/test' */
      readonly source?: string;
      readonly subject?: string;
      /** When it happened. @default - now, by the test's clock */
      readonly time?: Date;
      readonly partitionkey?: string;
      /** @default - its own id */
      readonly correlationid?: string;
    }
  : never;

/** What an event gets that its test does not say. */
export interface EventDefaults {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The message body of an event, as it is sent. @throws TypeError when the consumer does not listen to its type */
export function messageBody(
  contracts: readonly EventContract[],
  { type, data, source = '/test', time, ...given }: TestEvent<EventContract>,
  { id: newId, now }: EventDefaults,
): string {
  const contract = contracts.find((one) => one.type === type);
  if (!contract) {
    const known = contracts.map((one) => one.type).join(', ');
    throw new TypeError(`the consumer does not listen to ${type}; it takes ${known}`);
  }
  const { id = newId } = given;
  return JSON.stringify({
    specversion: SPEC_VERSION,
    correlationid: id,
    ...given,
    id,
    source,
    type: contract.versionedType,
    time: (time ?? new Date(now)).toISOString(),
    datacontenttype: 'application/json',
    data,
  });
}

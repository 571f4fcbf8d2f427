import { type Envelope, lacksData } from '../contracts/envelope.ts';
import type { EventData } from './event-data.ts';
import { dataAsNewest, type ReadEvent } from './read-event.ts';

/** Whether a handler can take the event just as it was read: nearly always. */
export function isWhole({ event, contract }: ReadEvent): boolean {
  return contract.links.length === 0 && !lacksData(event);
}

/**
 * The event as its handler gets it: with the data that the bus has put aside, as if it had never been anywhere else, and
 * with `resolve` when its contract allows links.
 *
 * @throws DataUnavailable when the data is gone, or is not what was put there
 * @throws UnreadableEvent when the data breaks the contract
 */
export async function withData(
  read: ReadEvent,
  eventData: EventData,
  signal: AbortSignal,
): Promise<Envelope> {
  const { event, contract } = read;
  const redeemed = lacksData(event) ? await eventData.redeem(event, signal) : undefined;
  const whole = redeemed ? putBack(event, dataAsNewest(read, redeemed.data)) : event;
  if (contract.links.length === 0) return whole;
  let data: Promise<unknown> | undefined;
  const follow = async (): Promise<unknown> =>
    lacksData(whole) ? dataAsNewest(read, await eventData.follow(whole, contract.links, signal)) : whole.data;
  return {
    ...whole,
    resolve: () => {
      data ??= follow();
      return data;
    },
  };
}

function putBack(event: Envelope, data: unknown): Envelope {
  const { dataref: _dataref, datasize: _datasize, datasha256: _datasha256, ...rest } = event;
  return { ...rest, data };
}

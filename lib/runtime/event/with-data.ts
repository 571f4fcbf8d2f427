import { type Envelope, isErased, lacksData } from '../../contracts/envelope/envelope.ts';
import type { EventData } from './event-data.ts';
import { dataAsNewest, type ReadEvent } from './read-event.ts';

/** Whether the event can go to the handler as it was read, without `resolve` or fetched data. This is the usual case. */
export function isWhole({ event, contract }: ReadEvent): boolean {
  return isErased(event) || (contract.links.length === 0 && !lacksData(event));
}

/**
 * The event as its handler gets it. Data that the bus has stored is restored. If the contract allows links, the event has `resolve`.
 *
 * @throws DataUnavailableError when the stored data is gone, or was replaced
 * @throws UnreadableEventError when the data breaks the contract
 */
export async function withData(
  read: ReadEvent,
  eventData: EventData,
  signal: AbortSignal,
): Promise<Envelope> {
  const { event, contract } = read;
  const fetched = lacksData(event) ? await eventData.fetchData(event, signal) : undefined;
  const whole = fetched ? restoreData(event, dataAsNewest(read, fetched.data)) : event;
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

function restoreData(event: Envelope, data: unknown): Envelope {
  const { dataref: _dataref, datasize: _datasize, datasha256: _datasha256, ...rest } = event;
  return { ...rest, data };
}

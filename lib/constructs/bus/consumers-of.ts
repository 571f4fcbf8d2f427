import { Consumer } from '../consumer/consumer.ts';
import type { IEventBus } from './i-event-bus.ts';

/** Every consumer of a bus, in whatever stack it is. */
export function consumersOf(bus: IEventBus): readonly Consumer[] {
  return bus.node.root.node
    .findAll()
    .filter((node) => node instanceof Consumer)
    .filter((consumer) => consumer.bus === bus);
}

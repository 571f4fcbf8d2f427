import { Consumer } from './consumer.ts';
import type { EventBus } from './event-bus.ts';

/** Every consumer of a bus, in whatever stack it is. */
export function consumersOf(bus: EventBus): readonly Consumer[] {
  return bus.node.root.node
    .findAll()
    .filter((node) => node instanceof Consumer)
    .filter((consumer) => consumer.bus === bus);
}

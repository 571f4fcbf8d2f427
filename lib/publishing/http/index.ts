/** `fanfare/publish`: the Lambda functions through which events come to the bus: behind `POST /events`, and from EventBridge. */
import '../../contracts/needs-node.ts';

export type { EventBridgeEvent } from '../event-bridge/event-bridge-event.ts';
export { type FromEventBridgeHandler, fromEventBridge } from '../event-bridge/from-event-bridge.ts';
export type { EventBridgeMapping, MappedAttributes } from '../event-bridge/mapping.ts';
export { createPublishHandler, type PublishHandler } from './create-publish-handler.ts';

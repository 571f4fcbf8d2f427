import { toEventBridge } from '../../../lib/runtime/event-bridge/to-event-bridge.ts';
import { warehouse } from './consumers.ts';

export const handler = toEventBridge(warehouse);

/** `fanfare/constructs`: the AWS CDK constructs, and the stacks that are made of them. */
import '../contracts/needs-node.ts';

export { FromEventBridge, type FromEventBridgeProps } from './bridges/from-event-bridge.ts';
export { FromEventBridgeStack } from './bridges/from-event-bridge-stack.ts';
export { ToEventBridge, type ToEventBridgeProps } from './bridges/to-event-bridge.ts';
export { EventBus, type EventBusProps } from './bus/event-bus.ts';
export { EventBusStack } from './bus/event-bus-stack.ts';
export type {
  ApiPublisher,
  ForeignPublisher,
  TopicPublisher,
} from './bus/other-accounts/foreign-publisher.ts';
export { Consumer, type ConsumerProps } from './consumer/consumer.ts';
export { ConsumerStack } from './consumer/consumer-stack.ts';
export { projectContext } from './context.ts';
export { AlarmStack } from './monitoring/alarm-stack.ts';
export { MonitoringStack, type MonitoringStackProps } from './monitoring/monitoring-stack.ts';
export { readSettings, type Settings } from './settings.ts';
export { type Profile, Stage, type StageProps } from './stage.ts';

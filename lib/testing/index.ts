/** `fanfare/testing`: runs consumers in a test. */

export type { BusTable } from './bus/bus-table.ts';
export type { BusDeadLetter } from './bus/dead-letters.ts';
export type { Fault } from './fault.ts';
export { type SimulateOptions, type SimulationReport, simulate } from './simulate.ts';
export type { Difference } from './simulation/compare.ts';
export { SimulationError } from './simulation/simulation-error.ts';
export { type SynthesizableApp, startTestBus, type TestBus, type TestBusOptions } from './start-test-bus.ts';
export {
  type Effect,
  type Received,
  type ReceiveOptions,
  type TestConsumer,
  type TestConsumerOptions,
  testConsumer,
} from './test-consumer.ts';
export type { TestEvent } from './test-event.ts';
export type { TestTable } from './test-table.ts';
export type { NativeItem } from './values/native.ts';
export type { DeliveryOutcome } from './world/deliver.ts';
export type { LogLine } from './world/log.ts';
export type { AnswerFetch, Answers, OutsideCall } from './world/outside-calls.ts';

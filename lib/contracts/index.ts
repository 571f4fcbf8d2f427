/** `fanfare/contracts`: definitions of events, consumers and producers. It loads neither the AWS SDK nor the CDK. */
import './needs-node.ts';

export { type Catalog, createCatalog } from './catalog.ts';
export {
  type ConsumerDefinition,
  type ConsumerProps,
  defineConsumer,
  type RetryPolicy,
  type TableDefinition,
  type TableDefinitions,
} from './define-consumer.ts';
export {
  type DataOf,
  defineEvent,
  type ErasedEvent,
  type EventContract,
  type EventDefinition,
  type EventOf,
  type LinkedEvent,
} from './define-event.ts';
export type { RateLimit } from './delivery/rate-limit.ts';
export type { Envelope } from './envelope/envelope.ts';
export type {
  FunctionSettings,
  ProvisionedPollers,
  SecretSource,
  SecretSources,
} from './function-settings.ts';
export type { Personal } from './personal/personal.ts';
export { defineProducer, type Principal, type ProducerDefinition } from './producers/define-producer.ts';
export { defineSaga, type SagaProps } from './saga/define-saga.ts';
export type {
  Correlate,
  SagaDefinition,
  SagaParts,
  SagaTables,
  TimeoutsByStep,
} from './saga/saga-definition.ts';
export type { Problem } from './text/problem.ts';
export type { EventVersion } from './versions/event-version.ts';
export {
  absent,
  absentOrNull,
  atLeast,
  atMost,
  between,
  type Condition,
  endsWith,
  greaterThan,
  ignoringCase,
  lessThan,
  noneOf,
  oneOf,
  present,
  startsWith,
  type Where,
} from './where.ts';

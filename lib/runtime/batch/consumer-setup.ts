import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { Gate } from '../breaker/gate.ts';
import type { Ports } from '../dependencies.ts';
import type { Handle } from '../handling/handle.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** Everything that a consumer needs and that is the same for every batch. */
export interface ConsumerSetup {
  readonly definition: ConsumerDefinition;
  /** Handlers by the event's type without its version. */
  readonly handlers: ReadonlyMap<string, Handle>;
  readonly idempotencyTable: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Names of the consumer's own tables, by role. */
  readonly tables: Readonly<Record<string, string>>;
  readonly ports: Ports;
  readonly telemetry: Telemetry;
  /** The breaker, for one batch. @default - the consumer has no breaker */
  readonly gate?: Gate | undefined;
}

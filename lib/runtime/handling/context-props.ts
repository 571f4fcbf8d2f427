import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { BatchItem } from '../batch/batch-item.ts';
import type { Deadline } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';
import type { LeaseContext } from '../idempotency/lease-context.ts';
import type { EventLogger } from '../telemetry/event-logger.ts';

/** What a context needs. */
export interface ContextProps {
  readonly definition: ConsumerDefinition;
  readonly ports: Ports;
  readonly leaseContext: LeaseContext;
  readonly item: BatchItem;
  readonly tables: Readonly<Record<string, string>>;
  readonly deadline: Pick<Deadline, 'signal' | 'handlersEndAt'>;
  /** Called once, and only if the handler logs. */
  readonly createLogger: () => EventLogger;
}

import type { EventContract } from '../contracts/define-event.ts';
import type { OpsClients, Target } from '../ops/clients.ts';
import type { Deployment } from '../ops/deployment.ts';
import type { Publisher } from '../publishing/client/create-publisher.ts';

/** The deployment that the console shows, and what it may do. */
export interface ConsoleContext {
  readonly place: Target;
  readonly clients: OpsClients;
  readonly deployment: Deployment;
  readonly contracts: readonly EventContract[];
  readonly publisher: Publisher;
  /** Whether the console can only show dead letters and events, and change nothing. */
  readonly readOnly: boolean;
}

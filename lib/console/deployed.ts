import type { EventContract } from '../contracts/define-event.ts';
import type { OpsClients, Place } from '../ops/clients.ts';
import type { Deployment } from '../ops/deployment.ts';
import type { Publisher } from '../publisher/create-publisher.ts';

/** What the console is about, and may do. */
export interface Deployed {
  readonly place: Place;
  readonly clients: OpsClients;
  readonly deployment: Deployment;
  readonly contracts: readonly EventContract[];
  readonly publisher: Publisher;
  /** Dead letters and events may be looked at, and nothing is changed. */
  readonly readOnly: boolean;
}

import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import type { HandlerContext } from '../../../lib/runtime/handling/handler-context.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { History, Ledger, Run } from '../ledger.ts';
import type { Invocation } from '../services/invocation.ts';
import type { Settings } from './settings.ts';

/** What handlers know of the world around them. */
export interface Stage {
  readonly chance: Chance;
  readonly settings: Settings;
  readonly ledger: Ledger;
  /** Simulated time, epoch milliseconds. */
  readonly now: () => number;
  /** Whether trouble reigns. */
  readonly isTroubled: () => boolean;
  /** Whether the record says that the event is done, and still lives. */
  readonly isDone: (history: History) => boolean;
}

/** One call of a handler. */
export interface Scene {
  readonly stage: Stage;
  readonly event: Envelope;
  readonly ctx: HandlerContext;
  readonly invocation: Invocation;
  readonly history: History;
  readonly run: Run;
}

import type { Status } from '../../shapes.ts';
import type { SeenEvent } from '../rates.ts';

/** Live data for the open view. */
export interface Live {
  /** The latest status; it is not current when `isOld`. */
  readonly status: Status | undefined;
  /** Whether the status is old, because the deployment or the console does not answer. */
  readonly isOld: boolean;
  /** Whether every new event is received. */
  readonly isFollowing: boolean;
  /** The latest few hundred events, newest first. */
  readonly events: readonly SeenEvent[];
}

/** A page of the console. */
export interface View {
  readonly heading: string;
  readonly body: HTMLElement;
  /** Called when there is new live data. @default - the view is not updated */
  update?(live: Live): void;
}

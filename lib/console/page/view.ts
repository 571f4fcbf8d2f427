import type { Status } from '../shapes.ts';
import type { SeenEvent } from './rates.ts';

/** What a view may look at while it is open. */
export interface Live {
  readonly status: Status | undefined;
  /** Newest first, the latest few hundred. */
  readonly events: readonly SeenEvent[];
}

/** A page of the console. */
export interface View {
  readonly heading: string;
  readonly body: HTMLElement;
  /** Called when something has moved. @default - the view stands still */
  update?(live: Live): void;
}

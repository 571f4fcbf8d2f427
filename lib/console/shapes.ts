/** Messages between the console's server and its page. Times are epoch milliseconds, unless they are strings. */

export type { DeadLetter } from '../ops/dead-letters/dead-letter.ts';
export type { Look } from '../ops/dead-letters/look-through.ts';
export type { ShownIntake } from '../ops/intake/shown-intake.ts';
export type { Problem } from '../ops/problem.ts';
export type { SagaStep, SagaSummary, ShownSaga, ShownTimeout } from '../ops/saga/shown-saga.ts';
export type { ScheduledEvent } from '../ops/scheduled/scheduled-event.ts';
export type { BusStatus, ConsumerStatus, Status } from '../ops/status/status.ts';
export type { Trouble } from '../ops/status/trouble.ts';
export type { Attempt, Handling, HandlingStatus, TracedEvent } from '../ops/trace/traced-event.ts';

import type { ReplayState } from '../archive/replay/replay-state.ts';
import type { UnreadableObject } from '../ops/archive/read-events.ts';
import type { ShownIntake } from '../ops/intake/shown-intake.ts';
import type { Problem } from '../ops/problem.ts';
import type { ReplayPlan } from '../ops/replay/preview.ts';
import type { ReadSagas } from '../ops/saga/read-sagas.ts';
import type { Scheduled } from '../ops/scheduled/read-scheduled.ts';
import type { ScheduledEvent } from '../ops/scheduled/scheduled-event.ts';
import type { Status } from '../ops/status/status.ts';
import type { TracedEvent } from '../ops/trace/traced-event.ts';

/** A line of the live feed. */
export type LiveMessage =
  | { readonly name: 'status'; readonly data: Status }
  /** Whether the status can be read; undefined means yes. */
  | { readonly name: 'looking'; readonly data: { readonly problem?: string | undefined } }
  | { readonly name: 'event'; readonly data: LiveEvent }
  /** Whether new events are received; undefined means yes. */
  | { readonly name: 'following'; readonly data: { readonly problem?: string | undefined } };

/** An event that was published to the topic. */
export interface LiveEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string | undefined;
  readonly correlationid?: string | undefined;
  /** The whole envelope, as JSON. */
  readonly text: string;
}

/** The trace of an event. */
export interface Trace {
  readonly events: readonly TracedEvent[];
  /** Parts that could not be read; then the trace may be incomplete. */
  readonly problems: readonly Problem[];
}

/** An event that the archive keeps. */
export interface FoundEvent {
  readonly arrivedAt: number;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** The whole envelope with its large data, as indented JSON. */
  readonly text: string;
}

/** What a search of the archive has found. */
export interface ArchivedEvents {
  /** The range that was searched. */
  readonly from: number;
  readonly to: number;
  /** In the order of their arrival, nearly. */
  readonly events: readonly FoundEvent[];
  /** Whether there may be more: the page shows the first ones, and a search has little time. */
  readonly more: boolean;
  /** Messages that were left out because the archive has them more than once. */
  readonly repeated: number;
  readonly unreadable: readonly UnreadableObject[];
  /** Every event that reached the archive before is in it; null: not known. */
  readonly watermark: number | null;
  /** Messages that could not be archived; null: not known. */
  readonly missing: number | null;
  readonly problems: readonly Problem[];
}

/** A replay that can be started: what it has before it. */
export interface PlannedReplay
  extends Pick<ReplayState, 'consumer' | 'mode' | 'rate' | 'from' | 'to' | 'types'>,
    ReplayPlan {
  /** The id that it gets: started twice, it is one replay. */
  readonly id: string;
}

/** A replay, and how far it is. */
export type ShownReplay = Pick<
  ReplayState,
  | 'id'
  | 'consumer'
  | 'mode'
  | 'status'
  | 'read'
  | 'events'
  | 'sent'
  | 'unreadable'
  | 'refused'
  | 'createdAt'
  | 'createdBy'
  | 'problem'
>;

/** The state of a consumer after it was paused or resumed. */
export interface ChangedIntake {
  readonly intake: ShownIntake;
  /** The state as one line. */
  readonly detail: string;
}

/** Events that come later: the first ones of `total`. */
export interface ShownScheduled extends Omit<Scheduled, 'types'> {
  readonly events: readonly ScheduledEvent[];
  readonly total: number;
}

/** Sagas: the first ones of `total`. */
export interface ShownSagas extends ReadSagas {
  readonly total: number;
  /** Labels of all consumers that are sagas. */
  readonly consumers: readonly string[];
}

/** An event of the contracts that can be published. */
export interface PublishableEvent {
  readonly type: string;
  readonly description: string;
  /** An example of the data, as indented JSON. */
  readonly example: string;
}

export interface KeptMail {
  readonly messageId: string;
  readonly time: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

import type { ReplayMode } from '../../contracts/delivery/replay.ts';

/**
 * `planning`: the objects are being listed. `running`: its lanes send. `paused`, and `failed` for a reason that is in `problem`: nothing is
 * sent until it is resumed. `cancelled` and `done` are ends.
 */
export type ReplayStatus = 'planning' | 'running' | 'paused' | 'failed' | 'cancelled' | 'done';

/** What is replayed, and to whom. */
export interface ReplayRequest {
  /** What the consumer is called in the deployment, such as `email`. */
  readonly consumer: string;
  /** Its queue. Nothing is sent to any other. */
  readonly queueUrl: string;
  /** The filter of its subscription. Without one, it takes everything. */
  readonly filterPolicy?: Readonly<Record<string, unknown>> | undefined;
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  /** Arrival of the first events, in epoch milliseconds; this moment is in the range. */
  readonly from: number;
  /** Arrival, in epoch milliseconds; this moment is not in the range. It may lie ahead: then the replay goes on until it has passed. */
  readonly to: number;
  /** Types with their versions. Empty: any that the filter takes. */
  readonly types: readonly string[];
  /** Empty: any. */
  readonly sources: readonly string[];
  /** More conditions on events: a filter policy on the event as a whole, with its large data. */
  readonly where?: Readonly<Record<string, unknown>> | undefined;
  readonly mode: ReplayMode;
  /** Since when the consumer writes down what it does, in epoch milliseconds. 0 when nobody has asked, as for what is repeated on purpose. */
  readonly knowsSince: number;
  /** Events a second, over all lanes. */
  readonly rate: number;
}

/** What has become of lines and objects. Every line that was read is one of `sent`, `filtered`, `duplicates` and `refused`. */
export interface ReplayCounts {
  readonly read: number;
  readonly sent: number;
  /** Not asked for, or not taken by the filter of the consumer. */
  readonly filtered: number;
  /** Seen before in the same task. */
  readonly duplicates: number;
  /** Not taken by SQS, now or later. */
  readonly refused: number;
  /** Lines that are no events, and objects that could not be read to their end. */
  readonly unreadable: number;
}

export const NO_COUNTS: ReplayCounts = {
  read: 0,
  sent: 0,
  filtered: 0,
  duplicates: 0,
  refused: 0,
  unreadable: 0,
};

export const COUNT_NAMES = [
  'read',
  'sent',
  'filtered',
  'duplicates',
  'refused',
  'unreadable',
] as const satisfies readonly (keyof ReplayCounts)[];

/** A replay: its request, and how far it is. */
export interface ReplayState extends ReplayRequest, ReplayCounts {
  /** Begins with the time, so that ids are in the order of their creation. */
  readonly id: string;
  readonly status: ReplayStatus;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** A person, such as `ada@laptop`, or what has started it. */
  readonly createdBy: string;
  /** Tasks that may be worked on at once. */
  readonly lanes: number;
  /** Increased whenever the replay is resumed. What was sent for an earlier run is ignored. */
  readonly run: number;
  /** Increased by every look at the archive. */
  readonly round: number;
  /** Everything that arrived before it was listed, in epoch milliseconds. */
  readonly plannedTo: number;
  /** Objects whose keys come after this text have no task yet. @default - none has */
  readonly cursor?: string | undefined;
  /** Since when it waits for the archive to be complete any further, in epoch milliseconds. @default - it has not waited */
  readonly waitsSince?: number | undefined;
  readonly tasks: number;
  readonly doneTasks: number;
  /** Of the tasks, by their keys. */
  readonly objects: number;
  /** Of the tasks, by the keys of their objects: more than are sent, because those of other types are among them. */
  readonly events: number;
  /** Of the objects, compressed. */
  readonly bytes: number;
  /** When it was done or cancelled, in epoch milliseconds. */
  readonly endedAt?: number | undefined;
  /** Why it has failed. */
  readonly problem?: string | undefined;
}

/** A place in a task: so many lines of so many-th object. The lines before it are done. */
export interface Position {
  readonly object: number;
  readonly line: number;
}

export const START: Position = { object: 0, line: 0 };

/** A part of a replay: consecutive objects, and how far it is. */
export interface ReplayTask {
  readonly number: number;
  /** By the keys of the objects. */
  readonly events: number;
  readonly bytes: number;
  readonly status: 'pending' | 'done';
  readonly checkpoint: Position;
  readonly counts: ReplayCounts;
  /** How often it was saved. Who does not know the latest save may not save. */
  readonly saves: number;
  /** What could not be read or sent, and why: the first of them. */
  readonly problems: readonly string[];
}

/** A task with the keys of its objects, which never change: so they are not written again at each save. */
export interface PlannedTask extends ReplayTask {
  readonly keys: readonly string[];
}

/** The lane that works on a task. */
export function laneOf(task: number, lanes: number): number {
  return task % lanes;
}

/** Whether the queue keeps the order of message groups. */
export function isFifo({ queueUrl }: Pick<ReplayRequest, 'queueUrl'>): boolean {
  return queueUrl.endsWith('.fifo');
}

export function isEnded({ status }: Pick<ReplayState, 'status'>): boolean {
  return status === 'done' || status === 'cancelled';
}

import type { SagaItem, SagaTimeout } from '../../contracts/saga/saga-item.ts';
import type { Move } from './decide.ts';
import type { SagaEvent } from './transitions.ts';

const MS_PER_SECOND = 1_000;
const SECONDS_PER_DAY = 86_400;
/** Each move needs about 60 bytes, and each KB of the item costs a write unit, twice in a transaction. */
const MAX_HISTORY = 20;

/** What has moved a saga, and when. */
export interface Moved {
  readonly id: string;
  readonly event: SagaEvent;
  /** The type of the event, without its version. */
  readonly type: string;
  readonly move: Move;
  /** The time-outs that the move has set. */
  readonly timeouts: Readonly<Record<string, SagaTimeout>>;
  readonly keepDays: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The item of a saga after a move.
 *
 * @param before the item before it; undefined when the saga begins
 * @param version the version of the item in the table, also of one that has expired; undefined when there is none
 */
export function nextItem(before: SagaItem | undefined, version: number | undefined, moved: Moved): SagaItem {
  const { id, event, type, move, timeouts, keepDays, now } = moved;
  const at = new Date(now).toISOString();
  const endedAt = before?.endedAt ?? (move.ended ? at : undefined);
  const expiresAt = Math.floor(now / MS_PER_SECOND) + keepDays * SECONDS_PER_DAY;
  const entry = { at, event: type, step: move.step };
  return {
    id,
    step: move.step,
    version: (version ?? 0) + 1,
    data: move.data,
    timeouts: { ...move.kept, ...timeouts },
    undo: move.undo,
    history: [...(before?.history ?? []), entry].slice(-MAX_HISTORY),
    correlationId: before?.correlationId ?? event.correlationid ?? event.id,
    startedAt: before?.startedAt ?? at,
    updatedAt: at,
    endedAt,
    expiresAt: before?.expiresAt ?? (move.ended ? expiresAt : undefined),
  };
}

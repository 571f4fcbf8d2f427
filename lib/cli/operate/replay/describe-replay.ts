import type { ReplayCounts, ReplayRequest, ReplayState } from '../../../archive/replay/replay-state.ts';
import type { ReplayPlan } from '../../../ops/replay/preview.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';
import { plainText } from '../../terminal/plain-text.ts';

/** What a replay has before it: for somebody who decides whether to start it. */
export function describePlan(request: ReplayRequest, plan: ReplayPlan): string {
  const { objects, events, bytes, minutes, dollars } = plan;
  return [
    describeRequest(request),
    `${events} events in ${objects} objects (${(bytes / 1024 ** 2).toFixed(1)} MB); at most so many are sent.`,
    `At ${request.rate} a second it takes ${formatDuration(minutes * 60_000)}, and costs about ${dollars.toFixed(2)} dollars, ` +
      `without what ${request.consumer} itself does.`,
  ].join('\n');
}

function describeRequest({ consumer, from, to, types, sources, mode }: ReplayRequest): string {
  const effect =
    mode === 'again' ? `it acts on every event AGAIN` : 'it acts on those that it has not acted on';
  return plainText(
    `To ${consumer}: ${types.join(', ') || 'all events'}${sources.length > 0 ? ` of ${sources.join(', ')}` : ''} ` +
      `that arrived from ${formatTime(from)} to ${formatTime(to)}; ${effect}.`,
  );
}

/** What was counted, in one line. */
export function describeCounts(counts: ReplayCounts): string {
  const { read, sent, filtered, duplicates, refused, unreadable } = counts;
  return (
    [
      `${read} events read`,
      `${sent} sent`,
      `${filtered} not wanted`,
      ...(duplicates > 0 ? [`${duplicates} there twice`] : []),
      ...(refused > 0 ? [`${refused} refused by SQS`] : []),
    ].join(', ') + describeUnreadable(unreadable)
  );
}

/** Beside the events: a line is one of them, an object may have had many. */
function describeUnreadable(unreadable: number): string {
  return unreadable > 0 ? `; ${unreadable} lines or objects unreadable` : '';
}

/** A replay in one line, such as that of `status`. */
export function replayLine(
  state: Pick<ReplayState, 'id' | 'consumer' | 'status' | 'mode' | 'read' | 'events' | 'sent'> &
    Partial<Pick<ReplayState, 'unreadable'>>,
): string {
  const { id, consumer, status, mode, read, events, sent, unreadable = 0 } = state;
  return plainText(
    `replay ${id} to ${consumer} (${mode}): ${status}, ${read} of ${events} events read, ${sent} sent${describeUnreadable(unreadable)}`,
  );
}

/** A replay with all that is known of it. */
export function describeReplay(state: ReplayState, problems: readonly string[]): string {
  const { id, status, createdAt, createdBy, endedAt, rate, lanes, tasks, doneTasks, problem } = state;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['replay', id],
    ['status', [status, problem ?? waitsFor(state)].filter(Boolean).join(': ')],
    ['started', `${formatTime(createdAt)} by ${createdBy}`],
    ['ended', endedAt === undefined ? undefined : formatTime(endedAt)],
    ['rate', `${rate} a second in ${lanes === 1 ? 'one lane' : `${lanes} lanes`}`],
    ['parts', `${doneTasks} of ${tasks}`],
    ['events', describeCounts(state)],
  ];
  return [
    describeRequest(state),
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(8)} ${plainText(value)}`] : [])),
    ...problems.map(plainText),
  ].join('\n');
}

/** What a replay waits for that has done all its parts; undefined when it does not wait. */
function waitsFor({ status, round, tasks, doneTasks, to, plannedTo }: ReplayState): string | undefined {
  if (status !== 'planning' || round === 0 || doneTasks < tasks) return undefined;
  const howFar = plannedTo > 0 ? `it is up to ${formatTime(plannedTo)}` : 'how far it is, is not known';
  return `waits until the archive is complete up to ${formatTime(to)}; ${howFar}`;
}

/** Whether somebody has to look: it has failed, or something could not be read or sent. */
export function hasTrouble({ status, unreadable, refused }: ReplayState): boolean {
  return status === 'failed' || unreadable + refused > 0;
}

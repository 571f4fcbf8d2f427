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
  return [
    `${read} read`,
    `${sent} sent`,
    `${filtered} not wanted`,
    ...(duplicates > 0 ? [`${duplicates} there twice`] : []),
    ...(refused > 0 ? [`${refused} refused by SQS`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ].join(', ');
}

/** A replay in one line, such as that of `status`. */
export function replayLine(
  state: Pick<ReplayState, 'id' | 'consumer' | 'status' | 'mode' | 'read' | 'events' | 'sent'>,
): string {
  const { id, consumer, status, mode, read, events, sent } = state;
  return plainText(
    `replay ${id} to ${consumer} (${mode}): ${status}, ${read} of ${events} read, ${sent} sent`,
  );
}

/** A replay with all that is known of it. */
export function describeReplay(state: ReplayState, problems: readonly string[]): string {
  const { id, status, createdAt, createdBy, endedAt, rate, lanes, tasks, doneTasks, problem } = state;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['replay', id],
    ['status', problem === undefined ? status : `${status}: ${problem}`],
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

/** Whether somebody has to look: it has failed, or something could not be read or sent. */
export function hasTrouble({ status, unreadable, refused }: ReplayState): boolean {
  return status === 'failed' || unreadable + refused > 0;
}

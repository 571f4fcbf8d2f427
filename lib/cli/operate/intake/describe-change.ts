import type { Intake } from '../../../intake/intake-state.ts';
import type { IntakeChange } from '../../../ops/intake/change-intake.ts';
import { describeIntake, type ShownIntake, shownIntake } from '../../../ops/intake/shown-intake.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';
import { plainText } from '../../terminal/plain-text.ts';

/** What a pause or a resume has done, as JSON. */
export function changeJson(
  label: string,
  { before, after, polledBefore, isOvertaken }: IntakeChange,
): object {
  return {
    consumer: label,
    ...shownIntake(after),
    before: before?.intake ?? ('flowing' satisfies Intake),
    polledBefore,
    overtaken: isOvertaken,
  };
}

/** The state of a consumer, in one line. */
export function stateLine(label: string, shown: ShownIntake): string {
  return plainText(`${label}: ${describeIntake(shown)}`);
}

/** What is worth saying of a pause: what it has replaced, and what happens to the messages that wait. */
export function notesOfPause(change: IntakeChange, retentionSeconds: number): readonly string[] {
  const { before, after, polledBefore } = change;
  const kept = formatDuration(retentionSeconds * 1_000);
  const endsTooLate = after?.until !== undefined && after.until - after.since > retentionSeconds * 1_000;
  return [
    ...(before?.intake === 'tripped'
      ? ['Its breaker was open. Nobody probes any more: the consumer waits for the end of the pause.']
      : []),
    ...(before?.intake === 'paused'
      ? [`It was paused already, by ${before.by ?? '?'}${endOf(before.until)}. The new end holds.`]
      : []),
    ...(polledBefore === 'off' && (before?.intake ?? 'flowing') === 'flowing'
      ? [
          'Lambda did not poll its queue before: somebody had disabled the event source mapping. Resume enables it.',
        ]
      : []),
    `Its events wait in its queue, which keeps each of them for ${kept}.`,
    ...(endsTooLate ? [`The pause is longer: what waits for more than ${kept} is deleted by SQS.`] : []),
  ].map(plainText);
}

/** What is worth saying of a resume. */
export function notesOfResume({ before, polledBefore }: IntakeChange): readonly string[] {
  if (before?.intake === 'tripped')
    return ['Its breaker was closed by hand. If what it calls does not answer, the breaker opens again.'];
  if (before?.intake === 'paused') return [];
  return polledBefore === 'on'
    ? ['Nothing was changed: it was not stopped.']
    : ['It was not stopped, but Lambda did not poll its queue: the event source mapping is enabled again.'];
}

function endOf(until: number | undefined): string {
  return until === undefined ? ' without an end' : ` until ${formatTime(until)}`;
}

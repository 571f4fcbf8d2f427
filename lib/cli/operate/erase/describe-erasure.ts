import type { EraseReport } from '../../../ops/erase/erase.ts';
import { describeProblem } from '../../../ops/problem.ts';
import { plainText } from '../../terminal/plain-text.ts';

/** Of more there is only the number: the report has all. */
const MOST = 20;

/** An erasure in lines for a person. @param file with the report; undefined: there is none */
export function describeErasure(report: EraseReport, file: string | undefined): readonly string[] {
  const { dryRun, archive, deadLetters, purgeFiles, largeData, records, stopped } = report;
  const verb = dryRun ? 'would be' : 'were';
  const events = Object.values(archive?.events ?? {}).reduce((sum, one) => sum + one, 0);
  const letters = deadLetters.reduce((sum, { deleted }) => sum + deleted, 0);
  const lines = purgeFiles.reduce((sum, { removed }) => sum + removed, 0);
  return [
    archive
      ? `${events} archived events ${verb} erased, in ${archive.rewritten} of ${archive.objects} objects.`
      : report.problems.some(({ resource }) => resource === 'archive')
        ? 'The archive could not be read.'
        : 'The bus has no archive.',
    `${largeData} objects of large data and ${letters} dead letters ${verb} deleted.`,
    `${records} idempotency records ${verb} cleaned, and ${lines} lines of ${purgeFiles.length} purge files ${verb} removed.`,
    ...(report.scheduled > 0 ? [`${report.scheduled} events that come later ${verb} cancelled.`] : []),
    ...(report.replays > 0 ? [`${report.replays} ended replays ${verb} cleaned.`] : []),
    ...some(
      '!',
      report.left.map(({ what, why }) => `${what} stays: ${why}`),
    ),
    ...some('!', report.openReplays.map(describeOpen(dryRun))),
    ...some(
      '?',
      report.unknown.map(({ what, why }) => `${what} is not known to be theirs: ${why}`),
    ),
    ...some('?', report.problems.map(describeProblem)),
    ...describeRest(report),
    ...(stopped ? ['It was stopped: run it again, and it does the rest.'] : []),
    ...(dryRun ? ['Nothing was changed.'] : []),
    ...(file === undefined ? [] : [`The report is in ${file}.`]),
  ];
}

function describeOpen(dryRun: boolean): (replay: EraseReport['openReplays'][number]) => string {
  return ({ id, consumer, status }) =>
    `replay ${id} to ${consumer} is ${status}: ${
      dryRun
        ? 'nothing is erased until it is done or cancelled'
        : 'it may have read events before they were erased; run it again when that is done or cancelled'
    }`;
}

function describeRest({ unknownTypes, waiting, archive, logs }: EraseReport): readonly string[] {
  const messages = waiting.reduce((sum, one) => sum + one.messages, 0);
  return [
    ...(unknownTypes.length > 0
      ? [plainText(`No contract knows ${unknownTypes.join(', ')}: compared by the attribute subject.`)]
      : []),
    ...(messages > 0
      ? [
          `${messages} messages wait in ${waiting.map(({ queue }) => queue).join(', ')}: run it again when they are handled.`,
        ]
      : []),
    ...(archive?.completeUpTo ? [`The archive was complete up to ${archive.completeUpTo}.`] : []),
    ...logs.map(
      ({ stackName, days }) =>
        `Logs of ${stackName} are not touched; they are kept ${days === null ? 'for ever' : `${days} days`}.`,
    ),
  ];
}

function some(mark: string, lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST;
  return [
    ...lines.slice(0, MOST).map((line) => plainText(`${mark} ${line}`)),
    ...(more > 0 ? [`${mark} and ${more} more: see the report`] : []),
  ];
}

import type { Command } from 'commander';
import { type OpenArchive, openArchive } from '../../ops/archive/open-archive.ts';
import { readIntakes } from '../../ops/intake/read-intakes.ts';
import { attempt, describeProblem, type Problem } from '../../ops/problem.ts';
import { trace } from '../../ops/trace/trace.ts';
import { traceArchive } from '../../ops/trace/trace-archive.ts';
import type { TracedEvent } from '../../ops/trace/traced-event.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { formatTime } from '../terminal/format-time.ts';
import { isoTimes } from '../terminal/iso-times.ts';
import { moment, nonEmpty } from '../terminal/parse-options.ts';
import { plainText } from '../terminal/plain-text.ts';
import { printJson } from '../terminal/print-json.ts';
import { terminalWidth } from '../terminal/table.ts';
import { refusalOfRange } from '../terminal/time-range.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';
import { stoppedLines } from './trace/stopped-lines.ts';
import { traceLines } from './trace/trace-lines.ts';

type TraceOptions = TargetOptions & {
  readonly source?: string;
  readonly from?: number;
  readonly to?: number;
  readonly json: boolean;
};

/** Adds `fanfare trace`. */
export function addTraceCommand(program: Command): void {
  withTarget(program.command('trace'))
    .description(
      'Traces an event or a correlation id: which consumers handled it, when, and what they emitted.',
    )
    .argument('<id>', 'id of an event, or a correlation id', nonEmpty)
    .option(
      '--source <uri>',
      'source of the event: then only its records and those of the events that it caused are read, not all records',
      nonEmpty,
    )
    .option(
      '--from <time>',
      'search the archive too, for what arrived since: 60d ago, or at 2026-11-27T04:00Z; it reads every object from then on',
      moment,
    )
    .option('--to <time>', 'search the archive for what arrived before (default: now)', moment)
    .option('--json', 'print it as JSON', false)
    .action(runTrace);
}

async function runTrace(
  id: string,
  { source, from, to, json, ...options }: TraceOptions,
  command: Command,
): Promise<void> {
  const range = { from: from ?? 0, to: to ?? Date.now() };
  const refusal =
    from === undefined
      ? to !== undefined && '--to is the end of a search that --from begins; say both'
      : refusalOfRange({ typed: { from, ...(to !== undefined && { to }) }, used: range, begins: '' });
  if (refusal) command.error(`error: ${refusal}`, { exitCode: EXIT.usage });
  const onProgress = (records: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${records} records read`);
  };
  const problems: Problem[] = [];
  const onProblem = (problem: Problem): void => void problems.push(problem);
  const { events, hasArchive, stopped } = await withDeployment(options, async (connection) => {
    const { clients, deployment } = connection;
    const archive = from === undefined ? undefined : await openOrTell(connection, onProblem);
    const known = await trace(clients, deployment, { id, source, onProgress, onProblem });
    const search = { id, source, ...range, known, onProblem };
    const archived = archive ? await traceArchive(archive, search) : [];
    // If it cannot be read who is stopped, nothing is said of it: the trace itself is complete.
    const stopped = stoppedLines(known, deployment.consumers, await readIntakes(clients, deployment.intakes));
    return { events: [...archived, ...known], hasArchive: deployment.archives.length > 0, stopped };
  });
  if (process.stderr.isTTY && source === undefined) process.stderr.write('\r\u001b[K');
  if (json) printJson('trace', events.map(jsonOf), problems);
  else {
    const layout = { indent: '', width: terminalWidth() };
    console.log(events.flatMap((event) => traceLines(event, layout)).join('\n'));
  }
  for (const line of stopped) console.error(line);
  for (const problem of problems)
    console.error(plainText(`? ${describeProblem(problem)}; the trace may be incomplete`));
  if (events.length === 0)
    console.error(
      `fanfare: no consumer has a record of an event ${id}; ${whereElse(hasArchive ? from : undefined, hasArchive)}`,
    );
  process.exitCode = exitCodeOf(events, problems);
}

/** Without an archive the records are still shown, and the answer is incomplete. */
async function openOrTell(
  { clients, deployment, place }: Connection,
  onProblem: (problem: Problem) => void,
): Promise<OpenArchive | undefined> {
  const { value, problems } = await attempt(
    { resource: 'archive', name: '' },
    openArchive(clients, deployment, place),
  );
  for (const problem of problems) onProblem(problem);
  return value ?? undefined;
}

function whereElse(from: number | undefined, hasArchive: boolean): string {
  if (from !== undefined) return `and nothing that arrived in the archive since ${formatTime(from)} is of it`;
  return hasArchive
    ? 'older records are deleted, but the archive keeps the events: --from 60d searches it'
    : 'older records are deleted';
}

function exitCodeOf(events: readonly TracedEvent[], problems: readonly Problem[]): number {
  if (problems.length > 0) return EXIT.unknown;
  return events.length > 0 ? EXIT.ok : EXIT.trouble;
}

/** A trace for `--json`. */
function jsonOf({ handlings, caused, ...event }: TracedEvent): object {
  return {
    ...isoTimes(event, 'at', 'archivedAt'),
    ...(caused && { caused: caused.map(jsonOf) }),
    handlings: handlings.map(({ history, emitted, ...handling }) => ({
      ...isoTimes(handling, 'since', 'startedAt', 'endedAt', 'redriveRunsSince'),
      history: history.map((attempt) => isoTimes(attempt, 'startedAt', 'endedAt')),
      emitted: emitted.map(jsonOf),
    })),
  };
}

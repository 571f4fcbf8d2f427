import { type Command, InvalidArgumentError } from 'commander';
import type { ArchivedLine } from '../../archive/read/read-object.ts';
import { readWhere, type Wanted } from '../../archive/read/selection.ts';
import { type ArchiveState, openArchive } from '../../ops/archive/open-archive.ts';
import { type EventsRead, followEvents, readEvents } from '../../ops/archive/read-events.ts';
import { drained } from '../terminal/drained.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { moment, nonEmpty, nonEmptyEach, wholeNumber } from '../terminal/parse-options.ts';
import { printJsonLine } from '../terminal/print-json.ts';
import { terminalWidth } from '../terminal/table.ts';
import { refusalOfRange } from '../terminal/time-range.ts';
import { endWellOnInterrupt, stopCode, untilStopped } from '../terminal/until-stopped.ts';
import { describeStall, describeSums, eventJson, eventLine, sumsJson } from './events/describe-events.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';

type EventsOptions = TargetOptions & {
  readonly from?: number;
  readonly to?: number;
  readonly type?: readonly string[];
  readonly source?: readonly string[];
  readonly subject?: string;
  readonly correlation?: string;
  readonly where?: Wanted['where'];
  readonly follow: boolean;
  readonly limit?: number;
  readonly json: boolean;
};

const HOUR_MS = 3_600_000;
/** How often `--follow` looks how far the archive is. */
const POLL_MS = { local: 1_000, aws: 15_000 } as const;

/** Adds `fanfare events`. */
export function addEventsCommand(program: Command): void {
  withTarget(program.command('events'))
    .description('Lists the events that the archive keeps, in the order in which they arrived.')
    .option('--from <time>', 'arrived since: 2h ago, or at 2026-11-27T04:00Z (default: 1h)', moment)
    .option('--to <time>', 'arrived before (default: now)', moment)
    .option('--type <type...>', 'only these types, with their versions or without', nonEmptyEach)
    .option('--source <uri...>', 'only of these sources', nonEmptyEach)
    .option('--subject <text>', 'only of this subject', nonEmpty)
    .option('--correlation <id>', 'only of this correlation id', nonEmpty)
    .option(
      '--where <json>',
      'only what matches this filter policy of SNS on the event, such as {"data":{"country":["DE"]}}',
      whereOf,
    )
    .option('--follow', 'go on with new events as they are archived, until Ctrl-C', false)
    .option('--limit <count>', 'at most this many', wholeNumber({ min: 1 }))
    .option('--json', 'print an event a line, as JSON, and at the end the sums', false)
    .action(runEvents);
}

function whereOf(text: string): Wanted['where'] {
  try {
    return readWhere(text);
  } catch (error) {
    // Commander tells what was typed wrong.
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : String(error));
  }
}

async function runEvents(options: EventsOptions, command: Command): Promise<void> {
  const { follow, json } = options;
  const wanted = wantedOf(options);
  const refusal = refusalOfRange({ typed: options, used: wanted, begins: '1h ago' });
  if (refusal !== undefined) command.error(`error: ${refusal}`, { exitCode: EXIT.usage });
  const read = await withDeployment(options, (connection) => readAll(connection, wanted, options));
  if (isUnheard()) return;
  if (json) printJsonLine('archivedEvents', sumsJson(read));
  else for (const line of describeSums(read, wanted.to)) console.error(line);
  process.exitCode = exitCodeOf(read);
  if (follow && process.exitCode === EXIT.ok) {
    process.exitCode = undefined;
    endWellOnInterrupt();
  }
}

/** Whether nobody reads any more what is printed. */
function isUnheard(): boolean {
  const code = stopCode();
  return code === EXIT.outputClosed || code === EXIT.terminalClosed;
}

function wantedOf(options: EventsOptions): Wanted {
  const { type, source, subject, correlation, where, follow } = options;
  const now = Date.now();
  const { from = now - HOUR_MS, to = follow ? Number.POSITIVE_INFINITY : now } = options;
  return { from, to, types: type, sources: source, subject, correlationId: correlation, where };
}

async function readAll(
  { clients, deployment, place }: Connection,
  wanted: Wanted,
  { follow, limit, json }: EventsOptions,
): Promise<EventsRead> {
  const archive = await openArchive(clients, deployment, place);
  const onEvent = (line: ArchivedLine): Promise<void> => {
    if (json) printJsonLine('archivedEvent', eventJson(line));
    else console.log(eventLine(line, terminalWidth()));
    return drained();
  };
  if (!follow) return readEvents(archive, { wanted, limit, onEvent });
  const signal = untilStopped();
  const onStall = (state: ArchiveState): void => {
    for (const line of describeStall(state)) console.error(line);
  };
  return followEvents(archive, { wanted, limit, onEvent, onStall, signal, pollMs: POLL_MS[place.kind] });
}

function exitCodeOf({ unreadable, state }: EventsRead): number {
  if (unreadable.length > 0) return EXIT.trouble;
  return state.problems.length > 0 ? EXIT.unknown : EXIT.ok;
}

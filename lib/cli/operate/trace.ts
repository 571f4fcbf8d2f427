import type { Command } from 'commander';
import { describeProblem, type Problem } from '../../ops/problem.ts';
import { trace } from '../../ops/trace/trace.ts';
import type { TracedEvent } from '../../ops/trace/traced-event.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { isoTimes } from '../terminal/iso-times.ts';
import { nonEmpty } from '../terminal/parse-options.ts';
import { plainText } from '../terminal/plain-text.ts';
import { printJson } from '../terminal/print-json.ts';
import { terminalWidth } from '../terminal/table.ts';
import { type TargetOptions, withDeployment, withTarget } from './target.ts';
import { traceLines } from './trace/trace-lines.ts';

type TraceOptions = TargetOptions & { readonly source?: string; readonly json: boolean };

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
    .option('--json', 'print it as JSON', false)
    .action(runTrace);
}

async function runTrace(id: string, { source, json, ...options }: TraceOptions): Promise<void> {
  const onProgress = (records: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${records} records read`);
  };
  const problems: Problem[] = [];
  const events = await withDeployment(options, ({ clients, deployment }) =>
    trace(clients, deployment, { id, source, onProgress, onProblem: (problem) => problems.push(problem) }),
  );
  if (process.stderr.isTTY && source === undefined) process.stderr.write('\r\u001b[K');
  if (json) printJson('trace', events.map(jsonOf), problems);
  else {
    const layout = { indent: '', width: terminalWidth() };
    console.log(events.flatMap((event) => traceLines(event, layout)).join('\n'));
  }
  for (const problem of problems)
    console.error(plainText(`? ${describeProblem(problem)}; the trace may be incomplete`));
  if (events.length === 0)
    console.error(`fanfare: no consumer has a record of an event ${id}; older records are deleted`);
  process.exitCode = exitCodeOf(events, problems);
}

function exitCodeOf(events: readonly TracedEvent[], problems: readonly Problem[]): number {
  if (problems.length > 0) return EXIT.unknown;
  return events.length > 0 ? EXIT.ok : EXIT.trouble;
}

/** A trace for `--json`. */
function jsonOf({ handlings, ...event }: TracedEvent): object {
  return {
    ...isoTimes(event, 'at'),
    handlings: handlings.map(({ history, emitted, ...handling }) => ({
      ...isoTimes(handling, 'since', 'startedAt', 'endedAt', 'redriveRunsSince'),
      history: history.map((attempt) => isoTimes(attempt, 'startedAt', 'endedAt')),
      emitted: emitted.map(jsonOf),
    })),
  };
}

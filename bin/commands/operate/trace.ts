import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Handling, StoryEvent } from '../../../lib/ops/trace/story.ts';
import { trace } from '../../../lib/ops/trace/trace.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { type PlaceOptions, withDeployment, withPlace } from './place.ts';

type TraceOptions = PlaceOptions & { readonly source?: string; readonly json: boolean };

const COLOURS = { COMPLETED: 'green', COMMITTED: 'green', FAILED: 'red' } as const;

/** Adds `fanfare trace`. */
export function addTraceCommand(program: Command): void {
  withPlace(program.command('trace'))
    .description(
      'Tells the story of an event or a correlation id: who took what, when, and what that caused.',
    )
    .argument('<id>', 'of an event, or of its story')
    .option('--source <uri>', 'of the event: only it and what it caused is read, instead of all records')
    .option('--json', 'print it as JSON', false)
    .action(runTrace);
}

async function runTrace(id: string, { source, json, ...options }: TraceOptions): Promise<void> {
  const onProgress = (records: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\rLooked at ${records} records`);
  };
  const events = await withDeployment(options, ({ clients, deployment }) =>
    trace(clients, deployment, { id, source, onProgress }),
  );
  if (process.stderr.isTTY && source === undefined) process.stderr.write('\r\u001b[K');
  console.log(
    json ? JSON.stringify(events, null, 2) : events.flatMap((event) => eventLines(event)).join('\n'),
  );
  if (events.length > 0) return;
  console.error(`fanfare: nobody has handled an event ${id}, as far as records go back`);
  process.exitCode = 1;
}

function eventLines({ id, source, type, at, handlings }: StoryEvent, indent = ''): readonly string[] {
  const when = at === undefined ? '' : `  ${formatTime(at)}`;
  return [
    `${indent}${styleText('bold', plainText(type))}  ${plainText(`${id} of ${source}`)}${when}`,
    ...handlings.flatMap((handling) => handlingLines(handling, `${indent}  `)),
  ];
}

function handlingLines(handling: Handling, indent: string): readonly string[] {
  const { consumer, status, startedAt, endedAt, attempts = 1, error, emitted } = handling;
  const colour = COLOURS[status as keyof typeof COLOURS] ?? 'yellow';
  const took =
    startedAt !== undefined && endedAt !== undefined
      ? ` in ${formatDuration(Math.max(0, endedAt - startedAt))}`
      : '';
  const facts = [
    `${styleText(colour, status.toLowerCase().replace('_', ' '))}${took}`,
    formatTime(startedAt ?? endedAt),
    attempts > 1 ? `attempt ${attempts}` : '',
    error ? plainText(error) : '',
  ];
  return [
    `${indent}└ ${consumer}: ${facts.filter(Boolean).join(', ')}`,
    ...emitted.flatMap((event) => eventLines(event, `${indent}    `)),
  ];
}

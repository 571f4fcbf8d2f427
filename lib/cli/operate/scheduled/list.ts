import type { Command } from 'commander';
import { consumerNamed } from '../../../ops/deployment.ts';
import { requireSchedules } from '../../../ops/scheduled/deployed-schedules.ts';
import { readScheduled, type Scheduled } from '../../../ops/scheduled/read-scheduled.ts';
import { requireType } from '../../../ops/scheduled/require-type.ts';
import type { ScheduledEvent } from '../../../ops/scheduled/scheduled-event.ts';
import { findProject } from '../../../project/find-project.ts';
import { loadContracts } from '../../contracts/load-contracts.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { nonEmpty, wholeNumber } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { formatTable } from '../../terminal/table.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { scheduledJson } from './json.ts';

type ListOptions = TargetOptions & {
  readonly consumer?: string;
  readonly type?: string;
  readonly limit: number;
  readonly json: boolean;
};

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;

/** Adds `fanfare scheduled list`. */
export function addScheduledList(scheduled: Command): void {
  withTarget(scheduled.command('list'))
    .description(
      'Lists events that come later, soonest first, and those that come again and again. ' +
        'What is due within 15 minutes waits in a queue; of that it says only how much.',
    )
    .option('--consumer <name>', 'only those that this consumer has emitted', nonEmpty)
    .option('--type <type>', 'only this type, with or without its version', nonEmpty)
    .option('--limit <count>', 'at most this many', wholeNumber({ min: 1, max: MAX_LIMIT }), DEFAULT_LIMIT)
    .option('--json', 'print them as JSON', false)
    .action(runList);
}

async function runList({ consumer, type, limit, json, ...options }: ListOptions): Promise<void> {
  const scheduled = await withDeployment(options, async ({ clients, deployment }) => {
    const read = await readScheduled(clients, requireSchedules(deployment), {
      ...(consumer !== undefined && { consumer: consumerNamed(deployment, consumer) }),
      ...(type !== undefined && { type }),
    });
    if (type !== undefined && read.isWhole && read.events.length === 0)
      await requireType(clients, deployment, {
        typed: type,
        known: [...read.types, ...(await typesOfContracts())],
      });
    return read;
  });
  const { events, unreadable, waiting, isWhole } = scheduled;
  const shown = events.slice(0, limit);
  if (json)
    printJson('scheduled', {
      events: shown.map(scheduledJson),
      total: events.length,
      waiting,
      unreadable,
      isWhole,
    });
  else console.log(describe(scheduled, shown));
}

/** The types of the contracts in this folder. */
async function typesOfContracts(): Promise<readonly string[]> {
  try {
    const contracts = await loadContracts(findProject().events);
    return contracts.map(({ versionedType }) => versionedType);
  } catch {
    // This is no folder of an app, or its contracts are elsewhere: then only the bus knows types.
    return [];
  }
}

function describe(
  { events, unreadable, waiting, isWhole }: Scheduled,
  shown: readonly ScheduledEvent[],
): string {
  const lines = [
    shown.length === 0 ? 'No event is kept for later.' : formatTable([HEADING, ...shown.map(row)]),
    ...(events.length > shown.length ? [`${events.length - shown.length} more; --limit shows more.`] : []),
    ...(isWhole ? [] : ['There are more schedules than were read; those may be due sooner.']),
    ...unreadable.map(
      ({ name, reason }) => `The schedule ${plainText(name)} holds no event: ${plainText(reason)}`,
    ),
    ...(waiting > 0 ? [describeWaiting(waiting)] : []),
  ];
  return lines.join('\n');
}

function describeWaiting(count: number): string {
  return count === 1
    ? '1 message is due within 15 minutes, or is being looked at.'
    : `${count} messages are due within 15 minutes, or are being looked at.`;
}

const HEADING = ['due (UTC)', 'type', 'id', 'source', 'key', 'schedule'];

function row({ name, type, id, source, key, deliverAt, expression, timezone, isEnabled }: ScheduledEvent) {
  const when = expression === undefined ? formatTime(deliverAt) : `${expression} ${timezone}`;
  return [
    isEnabled ? when : `off: ${when}`,
    plainText(type),
    plainText(id ?? '-'),
    plainText(source),
    plainText(key ?? '-'),
    name,
  ];
}

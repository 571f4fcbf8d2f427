import { styleText } from 'node:util';
import { describeProblem } from '../../ops/problem.ts';
import type { BusStatus, ConsumerStatus, Status } from '../../ops/status/status.ts';
import type { Trouble } from '../../ops/status/trouble.ts';
import { formatDuration } from '../terminal/format-time.ts';
import { plainText } from '../terminal/plain-text.ts';
import { formatTable, UNKNOWN } from '../terminal/table.ts';
import { replayLine } from './replay/describe-replay.ts';

/** What the last column says of each kind of trouble; the first that there is wins. */
const LABELS: readonly (readonly [Trouble['kind'], string])[] = [
  ['alarm', 'ALARM'],
  ['missing', 'gone'],
  ['breaker', 'open'],
  ['paused', 'paused'],
  ['dead', 'dead'],
  ['undelivered', 'undel.'],
  ['late', 'late'],
  ['replay', 'replay'],
];
const HEADING = [
  'consumer',
  'waiting',
  'in flight',
  'oldest',
  'dead',
  'undel.',
  'in/min',
  'out/min',
  'state',
];

/** A table of all consumers, trouble first, and below it what is wrong and what could not be read. */
export function describeStatus({ bus, consumers, replays, problems, app, stage }: Status): string {
  const sorted = consumers.toSorted((a, b) => rank(a) - rank(b));
  const table = formatTable([HEADING, ...sorted.map(row)]);
  const lines = [
    ...busLines(bus),
    ...sorted.flatMap(consumerLines),
    ...problems.map((problem) => styleText('yellow', plainText(`?      ${describeProblem(problem)}`))),
    ...(replays ?? []).map(replayLine),
  ];
  const state = consumers.length === 0 ? `Stage ${stage} of ${app} has no consumers.` : table;
  return lines.length === 0 ? state : `${state}\n\n${lines.join('\n')}`;
}

/** Trouble first, then what is not known. */
function rank({ trouble, problems }: ConsumerStatus): number {
  if (trouble.length > 0) return 0;
  return problems.length > 0 ? 1 : 2;
}

function row(consumer: ConsumerStatus): readonly (string | number)[] {
  const { label, waiting, inFlight, dead, undelivered, sentPerMinute, deletedPerMinute } = consumer;
  return [
    label,
    waiting ?? UNKNOWN,
    inFlight ?? UNKNOWN,
    ageOf(consumer),
    dead ?? UNKNOWN,
    undelivered ?? UNKNOWN,
    sentPerMinute ?? UNKNOWN,
    deletedPerMinute ?? UNKNOWN,
    stateOf(consumer),
  ];
}

function ageOf({ waiting, inFlight, oldestAgeSeconds }: ConsumerStatus): string {
  if (oldestAgeSeconds !== null) return formatDuration(oldestAgeSeconds * 1_000);
  return waiting === 0 && inFlight === 0 ? '' : UNKNOWN;
}

function stateOf({ trouble, problems, alarms }: ConsumerStatus): string {
  const label = LABELS.find(([kind]) => trouble.some((one) => one.kind === kind))?.[1];
  return label ?? (problems.length > 0 || alarms === null ? UNKNOWN : 'ok');
}

function busLines({ trouble, problems, stackName, stackStatus }: BusStatus): readonly string[] {
  const isElsewhere = stackStatus === null && trouble.length === 0;
  return [
    ...(isElsewhere ? [`The bus ${stackName} is in another account: its state is not shown.`] : []),
    ...trouble.map(({ kind, detail }) => troubleLine(kind, 'the bus', detail)),
    ...problems.map((problem) =>
      styleText('yellow', plainText(`?      the bus: ${describeProblem(problem)}`)),
    ),
  ];
}

function consumerLines({ label, trouble, problems }: ConsumerStatus): readonly string[] {
  return [
    ...trouble.map(({ kind, detail }) => troubleLine(kind, label, detail)),
    ...problems
      .filter(({ missing }) => !missing)
      .map((problem) => styleText('yellow', plainText(`?      ${label}: ${describeProblem(problem)}`))),
  ];
}

function troubleLine(kind: Trouble['kind'], who: string, detail: string): string {
  const label = LABELS.find(([one]) => one === kind)?.[1] ?? '';
  return styleText('red', plainText(`${label.padEnd(6)} ${who}: ${detail}`));
}

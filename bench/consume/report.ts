import { formatTable } from '../../lib/cli/terminal/table.ts';
import type { Measurement } from './measure.ts';

/** What one message costs in requests to DynamoDB and SQS, and in write units. */
export interface Counted {
  readonly requests: number;
  readonly writeUnits: number;
}

/** A subject's figures: medians over the rounds, with the spread of the CPU time. */
export interface Row extends Omit<Measurement, 'messages'>, Counted {
  readonly name: string;
  readonly cpuLow: number;
  readonly cpuHigh: number;
}

const PEER = 'powertools';

/** Brings the rounds of a subject to their medians. */
export function summarize(name: string, measured: readonly Measurement[], counted: Counted): Row {
  const median = (pick: (one: Measurement) => number): number => {
    const sorted = measured.map(pick).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const cpu = measured.map(({ cpuMicrosPerMessage }) => cpuMicrosPerMessage);
  return {
    name,
    ...counted,
    cpuMicrosPerMessage: median(({ cpuMicrosPerMessage }) => cpuMicrosPerMessage),
    cpuLow: Math.min(...cpu),
    cpuHigh: Math.max(...cpu),
    p50Ms: median(({ p50Ms }) => p50Ms),
    p99Ms: median(({ p99Ms }) => p99Ms),
  };
}

/** The table of one case. */
export function describe(heading: string, rows: readonly Row[]): string {
  const peer = rows.find(({ name }) => name === PEER)?.cpuMicrosPerMessage ?? Number.NaN;
  const columns = [
    '',
    'requests',
    'write units',
    'CPU us',
    'spread',
    'of powertools',
    'p50 / p99 ms per batch',
  ];
  const lines = rows.map((row) => [
    row.name,
    row.requests.toFixed(2),
    row.writeUnits.toFixed(2),
    row.cpuMicrosPerMessage.toFixed(0),
    `${row.cpuLow.toFixed(0)} to ${row.cpuHigh.toFixed(0)}`,
    `${(row.cpuMicrosPerMessage / peer).toFixed(2)}x`,
    `${row.p50Ms.toFixed(1)} / ${row.p99Ms.toFixed(1)}`,
  ]);
  return `\n${heading} (per message)\n${formatTable([columns, ...lines])}`;
}

import { archiveLines } from './archive-cost.ts';
import type { CostLine, MakeLine } from './cost-line.ts';
import { onDemandLines } from './later-cost.ts';
import { PRICES } from './prices.ts';
import type { Inventory } from './read-inventory.ts';
import { USAGE } from './usage.ts';

export interface CostEstimate {
  readonly eventsPerMonth: number;
  readonly consumers: number;
  readonly lines: readonly CostLine[];
  readonly standing: number;
  readonly oneByOne: number;
  readonly inTens: number;
}

const TEN = 10;
const MEGABYTES_PER_GIGABYTE = 1_024;
const BYTES_PER_GIGABYTE = 1e9;
const DAYS_PER_MONTH = 30;

/**
 * Estimates the monthly cost of a deployment. It assumes that events come over HTTP, one per request, and that every consumer handles each event
 * once and emits nothing. It leaves out the work of handlers, data transfer, failures, backups and the storage of logs and archives.
 *
 * @param more events of a month that come after more than 15 minutes, and receipts that are asked for. They are beside the events.
 */
export function estimateCost(
  inventory: Inventory,
  eventsPerMonth: number,
  more: { readonly later?: number; readonly receipts?: number } = {},
): CostEstimate {
  const lines = [
    ...standingLines(inventory),
    ...eventLines(inventory, eventsPerMonth),
    ...onDemandLines(inventory, { later: 0, receipts: 0, ...more }, eventLine),
  ];
  const sum = (of: (line: CostLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  return {
    eventsPerMonth,
    consumers: inventory.consumers,
    lines,
    standing: sum(({ standing, oneByOne }) => (standing ? oneByOne : 0)),
    oneByOne: sum(({ oneByOne }) => oneByOne),
    inTens: sum(({ inTens }) => inTens),
  };
}

function standingLines(inventory: Inventory): readonly CostLine[] {
  const {
    alarms,
    alarmMetrics,
    consumers,
    archives,
    fifoArchives,
    replays,
    laters,
    intakes,
    metricFilters,
    dashboards,
    keys,
    publishers,
  } = inventory;
  const metrics = consumers * USAGE.metricsPerConsumer + metricFilters;
  const line = (what: string, how: string, dollars: number): CostLine => ({
    what,
    how,
    standing: true,
    oneByOne: dollars,
    inTens: dollars,
  });
  return [
    line('alarms', `${alarms} alarms over ${alarmMetrics} metrics`, alarmMetrics * PRICES.alarmMetric),
    line(
      'custom metrics',
      `${metrics}: ${USAGE.metricsPerConsumer} for each consumer, and ${metricFilters} of the API`,
      metrics * PRICES.customMetric,
    ),
    line('dashboard', String(dashboards), dashboards * PRICES.dashboard),
    line(
      'key for SNS',
      `${keys}, and ${publishers} functions that publish through it`,
      keys * PRICES.kmsKey + publishers * USAGE.kmsRequestsPerPublisher * PRICES.kmsRequest,
    ),
    line(
      'idle queues',
      `${consumers + archives + replays + laters + intakes} that Lambda polls ${USAGE.idleReceivesPerMonth.toLocaleString('en')} times`,
      USAGE.idleReceivesPerMonth *
        ((consumers + archives - fifoArchives + laters) * PRICES.sqsRequest +
          (fifoArchives + replays + intakes) * PRICES.sqsFifoRequest),
    ),
  ];
}

const eventLine: MakeLine = (what, how, dollars) => ({
  what,
  how,
  standing: false,
  oneByOne: dollars(1),
  inTens: dollars(TEN),
});

function eventLines(inventory: Inventory, events: number): readonly CostLine[] {
  const { consumers, apis } = inventory;
  const handlings = events * consumers;
  // Where the bus is another app's, that one pays for what is published.
  const published = apis > 0 ? events : 0;
  const line = eventLine;
  return [
    line('HTTP API', 'a request for each event', () => published * PRICES.httpApiRequest),
    line('SNS', 'a publish; deliveries to SQS are free', () => published * PRICES.snsPublish),
    line(
      'SQS',
      'a send for each message, a receive and a delete for each batch',
      (perBatch) =>
        handlings * (USAGE.sendsPerMessage + USAGE.requestsPerBatch / perBatch) * PRICES.sqsRequest,
    ),
    ...archiveLines(inventory, published, line),
    line(
      'idempotency records',
      `${USAGE.writeUnitsPerHandling} write units, and ${USAGE.recordBytes} bytes for ${USAGE.recordDays} days`,
      () =>
        handlings * USAGE.writeUnitsPerHandling * PRICES.dynamodbWriteUnit +
        ((handlings * USAGE.recordBytes * USAGE.recordDays) / DAYS_PER_MONTH / BYTES_PER_GIGABYTE) *
          PRICES.dynamodbGigabyteMonth,
    ),
    line(
      'Lambda',
      `invocations of ${USAGE.millisecondsPerInvocation} ms; your handlers may take longer`,
      (perBatch) => lambdaDollars(inventory, published + handlings / perBatch),
    ),
    line('logs', 'a line for each request and each batch, and those of Lambda', (perBatch) => {
      const { lineOverheadBytes: overhead, platformLineBytes: platform } = USAGE;
      const request = USAGE.publishLineBytes + USAGE.accessLineBytes + platform + 4 * overhead;
      const batch = USAGE.batchLineBytes + platform + 3 * overhead;
      const bytes = published * request + handlings * (batch / perBatch + USAGE.eventInLineBytes);
      return (bytes / BYTES_PER_GIGABYTE) * PRICES.logGigabyte;
    }),
    ...(inventory.functions.some(({ traced }) => traced)
      ? [
          line(
            'X-Ray',
            'Lambda samples one request a second and 5 % of the rest, of each function',
            (perBatch) => PRICES.xrayTrace * (tracesOf(published) + consumers * tracesOf(events / perBatch)),
          ),
        ]
      : []),
  ];
}

function lambdaDollars({ functions }: Inventory, invocations: number): number {
  const megabytes =
    functions.reduce((sum, { memoryMegabytes }) => sum + memoryMegabytes, 0) / functions.length;
  const gigabyteSeconds =
    (invocations * USAGE.millisecondsPerInvocation * megabytes) / 1_000 / MEGABYTES_PER_GIGABYTE;
  return invocations * PRICES.lambdaRequest + gigabyteSeconds * PRICES.lambdaGigabyteSecond;
}

function tracesOf(requests: number): number {
  const { secondsPerMonth, tracedShareOfRest } = USAGE;
  return Math.min(requests, secondsPerMonth) + Math.max(0, requests - secondsPerMonth) * tracedShareOfRest;
}

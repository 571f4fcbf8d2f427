import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, styleText } from 'node:util';
import { findProject, type LocalStack, startLocal, synthesize } from 'fanfare/local';
import { checkShopState, type Finding } from './audit.ts';
import { BatchReports } from './batch-reports.ts';
import { addUpConsumers, type ConsumerTotals } from './consumer-totals.ts';
import { makeOrders, openingStock } from './orders.ts';
import { postEvents } from './post-events.ts';
import { postOrders } from './post-orders.ts';
import { readShopState } from './shop-state.ts';
import { table } from './table.ts';

interface DemoOptions {
  readonly orders: number;
  readonly json: boolean;
}

/** What the demo found. */
interface DemoResult {
  readonly ok: boolean;
  readonly orders: number;
  /** Requests to the API, repeated ones included. */
  readonly posted: number;
  readonly milliseconds: number;
  readonly consumers: readonly ConsumerTotals[];
  readonly findings: readonly Finding[];
}

/** The longest that the bus may take to become quiet. */
const QUIET_TIMEOUT_MS = 120_000;

/** Runs the app on free ports, sends orders through it, and checks the state. */
async function runDemo(options: DemoOptions): Promise<void> {
  const say = (line: string): void => console.error(line);
  const assembly = await mkdtemp(join(tmpdir(), 'fanfare-demo-'));
  try {
    say('Synthesizing the stacks ...');
    await synthesize({ ...findProject(), outputDirectory: assembly });
    const reports = new BatchReports();
    const local = await startLocal({
      assemblyDirectory: assembly,
      ports: { api: 0, aws: 0, dynamodb: 0 },
      verbose: true,
      log: reports.read,
    });
    try {
      const result = await sendOrders(local, { count: options.orders, reports, say });
      console.log(options.json ? JSON.stringify(result) : describe(result));
      process.exitCode = result.ok ? 0 : 1;
    } finally {
      await local.stop();
    }
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
}

async function sendOrders(
  local: LocalStack,
  {
    count,
    reports,
    say,
  }: { readonly count: number; readonly reports: BatchReports; readonly say: (line: string) => void },
): Promise<DemoResult> {
  await postEvents(local.apiUrl, [openingStock()]);
  await untilQuiet(local);
  const orders = makeOrders(count);
  const startedAt = Date.now();
  const posted = await postOrders(local.apiUrl, orders);
  say('Waiting until the bus is quiet ...');
  await untilQuiet(local);
  const milliseconds = Date.now() - startedAt;
  const consumers = await addUpConsumers(local, reports);
  const findings = [
    ...checkShopState(orders, await readShopState(local)),
    ...consumers.flatMap(({ findings: own }) => own),
  ];
  const ok = findings.every(({ expected, found }) => expected === found);
  return { ok, orders: count, posted, milliseconds, consumers, findings };
}

/** Quiet for a moment and then still quiet: an event may be between a function and the topic. */
async function untilQuiet(local: LocalStack): Promise<void> {
  const giveUpAt = Date.now() + QUIET_TIMEOUT_MS;
  for (let calm = 0; calm < 5; calm = local.isQuiet() ? calm + 1 : 0) {
    if (Date.now() > giveUpAt)
      throw new Error(`the bus is not quiet after ${QUIET_TIMEOUT_MS / 1000} seconds`);
    await sleep(100);
  }
}

function describe({ ok, orders, posted, milliseconds, consumers, findings }: DemoResult): string {
  const color = (style: 'red' | 'green', text: string): string =>
    styleText(style, text, { stream: process.stdout });
  const rows = consumers.map(({ name, received, done, duplicates, retried, deadLettered }) => [
    name,
    received,
    done,
    duplicates,
    retried,
    deadLettered,
  ]);
  const checks = findings.map(({ what, expected, found }) => [
    expected === found ? color('green', 'ok') : color('red', 'wrong'),
    what,
    expected,
    found,
  ]);
  return [
    `${orders} orders, posted ${posted} times, were through in ${(milliseconds / 1000).toFixed(1)} s.`,
    '',
    table([['consumer', 'received', 'done', 'duplicates', 'retried', 'dead letters'], ...rows]),
    '',
    table([['', 'what the tables say', 'expected', 'found'], ...checks]),
    '',
    ok ? color('green', 'The numbers add up.') : color('red', 'The numbers do not add up.'),
  ].join('\n');
}

const HELP = `npm run demo -- [--orders COUNT] [--json]

Starts the stacks on free ports, publishes orders, waits until the bus is quiet, and checks the state. Exits with 1 if they do not add up.`;

/** @throws TypeError of Node for an option that does not exist, or a count that is none */
function readOptions(): DemoOptions & { readonly help: boolean } {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!/^\d+$/.test(values.orders)) throw new TypeError(`--orders ${values.orders} is no whole number`);
  return { ...values, orders: Number(values.orders) };
}

const options = readOptions();
if (options.help) console.log(HELP);
else await runDemo(options);

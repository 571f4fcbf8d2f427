import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { auditBooks, type Finding } from '../demo/audit.ts';
import { readBooks } from '../demo/books.ts';
import { type ConsumerTally, tallyConsumers } from '../demo/consumer-tally.ts';
import { makeOrders, openingStock } from '../demo/orders.ts';
import { postEvents } from '../demo/post-events.ts';
import { postOrders } from '../demo/post-orders.ts';
import { formatTable } from '../terminal/table.ts';
import { synthesize } from './synthesize.ts';

export interface DemoOptions {
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
  readonly consumers: readonly ConsumerTally[];
  readonly findings: readonly Finding[];
}

/** The longest that the bus may take to become quiet. */
const QUIET_TIMEOUT_MS = 120_000;

/** `fanfare demo`: runs the app on free ports, sends orders through it, and checks the books. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const say = (line: string): void => console.error(line);
  const assembly = await mkdtemp(join(tmpdir(), 'fanfare-demo-'));
  try {
    say('Synthesizing the stacks ...');
    await synthesize(assembly);
    const local = await startLocal({
      assemblyDirectory: assembly,
      ports: { api: 0, aws: 0, dynamodb: 0 },
      log: () => undefined,
    });
    try {
      const result = await sendOrders(local, options.orders, say);
      console.log(options.json ? JSON.stringify(result, null, 2) : describe(result));
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
  count: number,
  say: (line: string) => void,
): Promise<DemoResult> {
  await postEvents(local.apiUrl, [openingStock()]);
  await untilQuiet(local);
  const orders = makeOrders(count);
  const startedAt = Date.now();
  const posted = await postOrders(local.apiUrl, orders);
  say('Waiting until the bus is quiet ...');
  await untilQuiet(local);
  const milliseconds = Date.now() - startedAt;
  const consumers = await tallyConsumers(local);
  const findings = [
    ...auditBooks(orders, await readBooks(local)),
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
    formatTable([['consumer', 'received', 'done', 'duplicates', 'retried', 'dead letters'], ...rows]),
    '',
    formatTable([['', 'what the books say', 'expected', 'found'], ...checks]),
    '',
    ok ? color('green', 'The numbers add up.') : color('red', 'The numbers do not add up.'),
  ].join('\n');
}

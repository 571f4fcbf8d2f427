import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createProgress } from '../../bin/terminal/progress.ts';
import { formatTable } from '../../bin/terminal/table.ts';
import { startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../lib/local/engines/ports.ts';
import { startCountingProxy } from './counting-proxy.ts';
import type { Measurement } from './measure.ts';

/**
 * What idempotency costs a consumer: Fanfare beside Powertools batch + idempotency, hand-written PutItem + UpdateItem,
 * and nothing at all. Same engine, same records, same handler; every measurement in a fresh process, the subjects
 * taking turns. SQS answers nothing here: a failing batch's ChangeMessageVisibilityBatch is counted by no one.
 */
const MEASURE = fileURLToPath(new URL('./measure.ts', import.meta.url));
const NAMES = ['nothing', 'fanfare', 'powertools', 'put + update', "fanfare, effects: 'commit'"] as const;
const PEER = 'powertools';
const CASES = [
  { batch: 10, mix: 'unique' },
  { batch: 1, mix: 'unique' },
  { batch: 100, mix: 'unique' },
  { batch: 10, mix: 'duplicates' },
] as const;
const ROUNDS = 5;
const MESSAGES = 2_000;
const COUNTED = 200;
const run = promisify(execFile);

interface Row extends Measurement {
  readonly name: string;
  readonly requests: number;
  readonly writeUnits: number;
  readonly cpuLow: number;
  readonly cpuHigh: number;
}

let runs = 0;

async function measure(
  name: string,
  { batch, mix }: (typeof CASES)[number],
  endpoint: string,
  messages: number,
): Promise<Measurement> {
  const { stdout } = await run(
    process.execPath,
    [MEASURE, name, String(batch), mix, String(messages), `run${++runs}`],
    {
      env: {
        PATH: process.env.PATH,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'y',
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        IDEMPOTENCY_TABLE: 'records',
        TABLE_EFFECTS: 'effects',
        QUEUE_URL: 'http://127.0.0.1:9/queue',
        DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:9/dead',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(stdout.slice(stdout.lastIndexOf('{"cpuMicros')));
}

async function measureCase(one: (typeof CASES)[number], endpoint: string, tick: () => void): Promise<Row[]> {
  const proxy = await startCountingProxy(endpoint);
  const counts = new Map<string, { requests: number; writeUnits: number }>();
  for (const name of NAMES) {
    await measure(name, one, proxy.url, COUNTED);
    const warmedUp = Math.max(5, Math.round(Math.round(COUNTED / one.batch) / 5)) * one.batch;
    const handled = Math.max(1, Math.round(COUNTED / one.batch)) * one.batch + warmedUp;
    const { requests, writeUnits } = proxy.take();
    counts.set(name, { requests: requests / handled, writeUnits: writeUnits / handled });
  }
  await proxy.stop();
  const rounds = new Map<string, Measurement[]>(NAMES.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of NAMES) {
      rounds.get(name)?.push(await measure(name, one, endpoint, MESSAGES));
      tick();
    }
  }
  return NAMES.map((name) =>
    summarize(name, rounds.get(name) ?? [], counts.get(name) ?? { requests: 0, writeUnits: 0 }),
  );
}

function summarize(
  name: string,
  measured: readonly Measurement[],
  counted: { requests: number; writeUnits: number },
): Row {
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

function describe({ batch, mix }: (typeof CASES)[number], rows: readonly Row[]): string {
  const peer = rows.find(({ name }) => name === PEER);
  const table = rows.map((row) => [
    row.name,
    row.requests.toFixed(2),
    row.writeUnits.toFixed(2),
    row.cpuMicrosPerMessage.toFixed(0),
    `${row.cpuLow.toFixed(0)} to ${row.cpuHigh.toFixed(0)}`,
    `${(row.cpuMicrosPerMessage / (peer?.cpuMicrosPerMessage ?? Number.NaN)).toFixed(2)}x`,
    `${row.p50Ms.toFixed(1)} / ${row.p99Ms.toFixed(1)}`,
  ]);
  const heading = [
    '',
    'requests',
    'write units',
    'CPU us',
    'spread',
    'of powertools',
    'p50 / p99 ms per batch',
  ];
  return `\nbatches of ${batch}, ${mix} messages (per message)\n${formatTable([heading, ...table])}`;
}

const port = await reservePort(0, { what: 'engine', flag: '', variable: '' });
const engine = await startDynamoDB(port, undefined);
const client = new DynamoDBClient({
  endpoint: engine.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
});
for (const TableName of ['records', 'effects']) {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
}
const progress = createProgress(process.stderr, 'Measuring', CASES.length * ROUNDS * NAMES.length);
let ticks = 0;
for (const one of CASES)
  console.log(describe(one, await measureCase(one, engine.endpoint, () => progress.update(++ticks))));
progress.finish();
client.destroy();
await engine.stop();

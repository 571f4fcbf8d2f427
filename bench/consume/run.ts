import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createProgress } from '../../lib/cli/terminal/progress.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { startEngines } from './engines.ts';
import type { Measurement } from './measure.ts';
import { type Counted, describe, type Row, summarize } from './report.ts';
import { bundleSubjects } from './subjects.ts';

/**
 * What idempotency costs a consumer: Fanfare beside Powertools batch + idempotency, hand-written PutItem + UpdateItem,
 * and nothing at all; and an effect that happens exactly once beside one that does not. Same engines, same records, same
 * work; each subject bundled as it would be deployed, every measurement in a fresh process, the subjects taking turns.
 */
const MEASURE = fileURLToPath(new URL('./measure.ts', import.meta.url));
/** Three of ten messages are duplicates, or fail, where the mix says so. */
const CASES = [
  { batch: 10, mix: 'unique' },
  { batch: 1, mix: 'unique' },
  { batch: 100, mix: 'unique' },
  { batch: 10, mix: 'duplicates' },
  { batch: 10, mix: 'failing' },
] as const;
type Case = (typeof CASES)[number];
const ROUNDS = 5;
const MESSAGES = 2_000;
const COUNTED = 200;
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'fanfare-bench-'));
const subjects = bundleSubjects(folder);
const engines = await startEngines();
const progress = createProgress(process.stderr, 'Measuring', CASES.length * ROUNDS * subjects.size);
let runs = 0;
let measured = 0;
try {
  for (const one of CASES) {
    console.log(describe(`batches of ${one.batch}, ${one.mix} messages`, await measureCase(one)));
  }
  progress.finish();
} finally {
  await engines.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measureCase(one: Case): Promise<Row[]> {
  const counts = await countCase(one);
  const rounds = new Map<string, Measurement[]>([...subjects.keys()].map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, results] of rounds) {
      results.push(await measure(name, one, { endpoint: engines.dynamodb, messages: MESSAGES }));
      progress.update(++measured);
    }
  }
  return [...rounds].map(([name, results]) =>
    summarize(name, results, counts.get(name) ?? { requests: 0, writeUnits: 0 }),
  );
}

/** Counts requests and write units in a run of its own, for counting takes time. */
async function countCase(one: Case): Promise<ReadonlyMap<string, Counted>> {
  const proxy = await startCountingProxy(engines.dynamodb);
  const counts = new Map<string, Counted>();
  for (const name of subjects.keys()) {
    engines.takeSqsRequests();
    const { messages } = await measure(name, one, { endpoint: proxy.url, messages: COUNTED });
    const { requests, writeUnits } = proxy.take();
    counts.set(name, {
      requests: (requests + engines.takeSqsRequests()) / messages,
      writeUnits: writeUnits / messages,
    });
  }
  await proxy.stop();
  return counts;
}

async function measure(
  name: string,
  { batch, mix }: Case,
  { endpoint, messages }: { readonly endpoint: string; readonly messages: number },
): Promise<Measurement> {
  const args = [MEASURE, subjects.get(name) ?? '', String(batch), mix, String(messages), `run${++runs}`];
  const { stdout } = await run(process.execPath, args, {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_SQS: engines.sqs,
      IDEMPOTENCY_TABLE: 'records',
      TABLE_EFFECTS: 'effects',
      QUEUE_URL: engines.queueUrl,
      DEAD_LETTER_QUEUE_URL: engines.queueUrl,
      DATA_BUCKET: 'data',
      POWERTOOLS_LOG_LEVEL: 'INFO',
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('{"cpuMicros')));
}

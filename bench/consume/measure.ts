import { createRequire } from 'node:module';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** One measurement, made in a process of its own: what it prints is the result as JSON. */
export interface Measurement {
  readonly cpuMicrosPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How many messages there were, those of the warm-up among them. */
  readonly messages: number;
}

const [bundle = '', batchSize = '10', mix = 'unique', messages = '1000', run = ''] = process.argv.slice(2);
// A bundle of `subjects/`, each of which exports such a handler.
const { handler }: { readonly handler: (event: SQSEvent, context: object) => Promise<unknown> } =
  createRequire(import.meta.url)(bundle);
// What the subjects log is not what is measured; nobody reads it here.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) console[method] = () => undefined;

const size = Number(batchSize);
const count = Math.max(1, Math.round(Number(messages) / size));
const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'bench', functionName: 'bench' };
const times: number[] = [];
let serial = 0;

function record(): SQSRecord {
  // Three of ten are duplicates: each of an event of the ten before, which was no duplicate itself.
  const duplicate = mix === 'duplicates' && serial % 10 < 3 && serial >= 10;
  const id = `${run}-${duplicate ? serial - 6 : serial}`;
  const data = { fail: mix === 'failing' && serial % 10 < 3 };
  serial += 1;
  return {
    messageId: `m-${serial}`,
    receiptHandle: `h-${serial}`,
    body: JSON.stringify({ specversion: '1.0', id, source: '/bench', type: 'bench.Asked.v1', data }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'b',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:bench',
    awsRegion: 'us-east-1',
  };
}

async function batches(number: number): Promise<void> {
  for (let batch = 0; batch < number; batch++) {
    const Records = Array.from({ length: size }, record);
    const startedAt = performance.now();
    await handler({ Records }, context);
    times.push(performance.now() - startedAt);
  }
}

await batches(Math.max(5, Math.round(count / 5)));
times.length = 0;
const before = process.cpuUsage();
await batches(count);
const { user, system } = process.cpuUsage(before);
const sorted = times.toSorted((a, b) => a - b);
const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
const result: Measurement = {
  cpuMicrosPerMessage: (user + system) / (count * size),
  p50Ms: at(0.5),
  p99Ms: at(0.99),
  messages: serial,
};
process.stdout.write(JSON.stringify(result));
process.exit(0);

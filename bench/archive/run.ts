import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOUR_MS } from '../../lib/archive/object-key.ts';
import { createReplay } from '../../lib/archive/replay/create-replay.ts';
import { createReplayQueue } from '../../lib/archive/replay/replay-queue.ts';
import type { ReplayRequest } from '../../lib/archive/replay/replay-state.ts';
import { createReplayTable } from '../../lib/archive/replay/replay-table.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { createProgress } from '../../lib/cli/terminal/progress.ts';
import { costOfReplay } from '../../lib/ops/cost/cost-of-replay.ts';
import { clientsOf, startPlace } from './engines.ts';
import type { Worked } from './worker.ts';
import { FIRST_HOUR, writeArchive } from './write-archive.ts';

/**
 * A replay out of a large archive, on the engines of this machine: how fast it is, how much memory its function needs, and what it would cost
 * on AWS, at the rate of the measurement and at the default rate.
 *
 *     node bench/archive/run.ts [events in the archive] [events replayed]
 */
const [, , archived = '1000000', replayed = '100000'] = process.argv;
const [events, wanted] = [Number(archived), Number(replayed)];
const HOURS = 100;
const eventsPerHour = events / HOURS;
const RATE = 10_000;
const LANES = 4;
const USUAL_RATE = 100;
/** Without a limit, V8 collects garbage late, and the memory says nothing. */
const HEAP = '--max-old-space-size=64';
const run = promisify(execFile);

const place = await startPlace();
const { sqs, s3, dynamodb } = clientsOf(place);
try {
  const progress = createProgress(process.stderr, 'Writing', events);
  const bytes = await writeArchive({ s3, bucket: place.bucket }, { events, eventsPerHour }, (written) =>
    progress.update(written),
  );
  progress.finish();
  const ports = {
    clock: systemClock,
    table: createReplayTable({ dynamodb, name: place.table, clock: systemClock, random: Math.random }),
    queue: createReplayQueue(sqs, place.replayQueueUrl),
  };
  const request: ReplayRequest = {
    consumer: 'bench',
    queueUrl: place.queueUrl,
    filterPolicy: { type: ['shop.OrderPlaced.v1'] },
    filterPolicyScope: 'MessageAttributes',
    from: FIRST_HOUR,
    to: FIRST_HOUR + Math.ceil(wanted / eventsPerHour) * HOUR_MS,
    types: ['shop.OrderPlaced.v1'],
    sources: [],
    mode: 'fill',
    knowsSince: systemClock.now(),
    rate: RATE,
  };
  const { id } = await createReplay(ports, request, { createdBy: 'bench' });
  const worker = fileURLToPath(new URL('./worker.ts', import.meta.url));
  const instances = await Promise.all(
    Array.from({ length: LANES }, async (): Promise<Worked> => {
      const { stdout } = await run(process.execPath, [HEAP, worker, JSON.stringify(place), id]);
      return JSON.parse(stdout);
    }),
  );
  const seconds = Math.max(...instances.map((one) => one.seconds));
  const megabytes = Math.max(...instances.map((one) => one.megabytes));
  const state = await ports.table.read(id);
  if (state?.status !== 'done') throw new Error(`the replay is ${state?.status}: ${state?.problem}`);
  const { sent, objects, tasks } = state;
  const dollars = (rate: number, lanes: number): string => {
    const cost = costOfReplay({
      objects,
      events: sent,
      tasks,
      lanes,
      minutes: sent / rate / 60,
      fifo: false,
    });
    return ((cost / sent) * 1e6).toFixed(2);
  };
  const perSecond = sent / seconds;
  console.log(
    '| archived | MB compressed | replayed | events a second | memory of an instance, MB | dollars per million | at 100 a second |',
  );
  console.log('|---|---|---|---|---|---|---|');
  const cells = [events, (bytes / 1e6).toFixed(0), sent, perSecond.toFixed(0), megabytes.toFixed(0)];
  console.log(`| ${[...cells, dollars(perSecond, LANES), dollars(USUAL_RATE, 1)].join(' | ')} |`);
} finally {
  for (const client of [sqs, s3, dynamodb]) client.destroy();
  await place.stop();
}

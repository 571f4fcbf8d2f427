import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../lib/cli/terminal/table.ts';
import { asFanfareBundles, asNodejsFunctionBundles, type Bundler } from './bundles.ts';

/**
 * What a function's code costs at a cold start: bytes of its bundle, and milliseconds that a fresh process needs to
 * import it, over an empty module. The functions are bundled as they are deployed; the peer, batch + idempotency + logger +
 * metrics of Powertools, as `NodejsFunction` does it (minified, the SDK inside), and, to tell the bundler's part from the
 * code's, once more as the functions here. The subjects take turns, so that whatever else the machine does falls on all.
 */
const ROUNDS = 15;
const PEER = 'Powertools, by NodejsFunction';
const SUBJECTS: Readonly<Record<string, { readonly entry: string; readonly bundler: Bundler }>> = {
  publish: { entry: 'lambdas/publish/handler.ts', bundler: asFanfareBundles },
  analytics: { entry: 'lambdas/analytics/handler.ts', bundler: asFanfareBundles },
  email: { entry: 'lambdas/email/handler.ts', bundler: asFanfareBundles },
  inventory: { entry: 'lambdas/inventory/handler.ts', bundler: asFanfareBundles },
  shipping: { entry: 'lambdas/shipping/handler.ts', bundler: asFanfareBundles },
  [PEER]: { entry: 'bench/consume/subjects/powertools.ts', bundler: asNodejsFunctionBundles },
  'Powertools with the SES client': {
    entry: 'bench/consume/subjects/powertools-with-mail.ts',
    bundler: asNodejsFunctionBundles,
  },
  'Powertools, by our bundler': { entry: 'bench/consume/subjects/powertools.ts', bundler: asFanfareBundles },
};
/** What functions read when they are imported. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:topic',
  IDEMPOTENCY_TABLE: 'table',
  QUEUE_URL: 'queue',
  DEAD_LETTER_QUEUE_URL: 'dead',
  DATA_BUCKET: 'data',
  MAIL_FROM: 'a@example.com',
  TABLE_STOCK: 't',
  TABLE_RESERVATIONS: 't',
  TABLE_COUNTS: 't',
  TABLE_SHIPMENTS: 't',
};
const TIMER =
  'const t = process.hrtime.bigint(); require(process.argv[1]); console.log(Number(process.hrtime.bigint() - t) / 1e6)';

function importMilliseconds(file: string): number {
  return Number(
    execFileSync(process.execPath, ['-e', TIMER, file], {
      env: { ...process.env, ...ENVIRONMENT },
      encoding: 'utf8',
    }),
  );
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'fanfare-bench-'));
try {
  const empty = join(folder, 'empty.cjs');
  writeFileSync(empty, '');
  const files = Object.entries(SUBJECTS).map(([name, { entry, bundler }], index) => {
    const code = [...bundler(entry)].filter(([name]) => name.endsWith('.cjs'));
    mkdirSync(join(folder, String(index)));
    for (const [name, content] of code) writeFileSync(join(folder, String(index), name), content);
    const bytes = code.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
    return { name, file: join(folder, String(index), 'index.cjs'), bytes, times: [] as number[] };
  });
  for (let round = 0; round < ROUNDS; round++) {
    const floor = importMilliseconds(empty);
    for (const { file, times } of files) times.push(importMilliseconds(file) - floor);
  }
  const rows = files.map(({ name, bytes, times }) => {
    const sorted = times.toSorted((a, b) => a - b);
    return {
      name,
      bytes,
      median: quantile(sorted, 0.5),
      low: quantile(sorted, 0.1),
      high: quantile(sorted, 0.9),
    };
  });
  const peer = rows.find(({ name }) => name === PEER);
  console.log(
    formatTable([
      ['bundle', 'bytes', 'import ms (median)', '10% to 90%', 'of the peer'],
      ...rows.map(({ name, bytes, median, low, high }) => [
        name,
        bytes,
        median.toFixed(1),
        `${low.toFixed(1)} to ${high.toFixed(1)}`,
        `${(median / (peer?.median ?? Number.NaN)).toFixed(2)}x`,
      ]),
    ]),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

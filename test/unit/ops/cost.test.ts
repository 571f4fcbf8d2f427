import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { EventBusStack } from '../../../lib/constructs/bus/event-bus-stack.ts';
import { readSettings } from '../../../lib/constructs/settings.ts';
import { estimateCost } from '../../../lib/ops/cost/estimate-cost.ts';
import { readInventory } from '../../../lib/ops/cost/read-inventory.ts';
import { USAGE } from '../../../lib/ops/cost/usage.ts';
import { createApp, entryOf } from '../../apps/orders/app.ts';
import { WITHOUT_BUNDLING } from '../../cdk/synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-cost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function synthesizeApp(context: Readonly<Record<string, unknown>> = {}): string {
  const outdir = mkdtempSync(join(folder, 'out-'));
  createApp({ outdir, context: { ...WITHOUT_BUNDLING, ...context } }).synth();
  return outdir;
}

/** Bytes of the lines that this code logs, in a process of its own. */
function bytesLogged(code: string): readonly number[] {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', code], {
    cwd: new URL('../../../', import.meta.url),
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => Buffer.byteLength(line));
}

describe('an assembly', () => {
  it('is counted whole', async () => {
    const inventory = await readInventory(synthesizeApp());
    expect(inventory).toMatchObject({
      consumers: 4,
      archives: 1,
      fifoArchives: 0,
      replays: 1,
      laters: 1,
      intakes: 1,
      keys: 1,
      alarms: 41,
      alarmMetrics: 59,
      dashboards: 1,
      metricFilters: 1,
      publishers: 5,
    });
    expect(inventory.functions).toHaveLength(5);
    expect(inventory.functions.every(({ traced }) => !traced)).toBe(true);
  });

  it('costs more with a key of its own and with X-Ray', async () => {
    const costOf = async (context: Readonly<Record<string, unknown>>) =>
      estimateCost(await readInventory(synthesizeApp(context)), 1_000_000);
    const [plain, keyed, traced] = [
      await costOf({}),
      await costOf({ dataKey: 'own' }),
      await costOf({ xray: 'on' }),
    ];
    expect(keyed.standing - plain.standing).toBeCloseTo(1);
    expect(traced.lines.find(({ what }) => what === 'X-Ray')?.oneByOne).toBeCloseTo(25);
    expect(plain.lines.some(({ what }) => what === 'X-Ray')).toBe(false);
  });
});

it('tells the archive of a FIFO bus apart, which writes an object for each batch', async () => {
  const outdir = mkdtempSync(join(folder, 'fifo-'));
  const app = new App({ outdir, context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const publishEntry = entryOf('publish');
  new EventBusStack(app, { settings, publishEntry });
  new EventBusStack(app, { settings, publishEntry, name: 'Ledger', fifo: true });
  app.synth();
  const inventory = await readInventory(outdir);
  expect(inventory).toMatchObject({ archives: 2, fifoArchives: 1, replays: 2 });
  const { lines } = estimateCost(inventory, 1_000_000);
  const dollarsOf = (name: string) => {
    const { oneByOne, inTens } = lines.find(({ what }) => what === name) ?? expect.fail(name);
    return [oneByOne, inTens].map((dollars) => dollars.toFixed(2));
  };
  expect(dollarsOf('archive')).toEqual(['1.51', '0.79']);
  expect(dollarsOf('archive of a FIFO bus')).toEqual(['7.37', '1.19']);
});

it('a bus alone costs without any event what README.md says', async () => {
  const outdir = mkdtempSync(join(folder, 'bus-'));
  const app = new App({ outdir, context: { app: 'shop', ...WITHOUT_BUNDLING } });
  new EventBusStack(app, { settings: readSettings(app.node), publishEntry: entryOf('publish') });
  app.synth();
  const { standing } = estimateCost(await readInventory(outdir), 0);
  const [, told] =
    /A bus alone, without consumers, costs ([\d.]+) dollars/.exec(readFileSync('README.md', 'utf8')) ?? [];
  expect(standing.toFixed(2)).toBe(told);
});

describe('what is asked for beside the events', () => {
  const linesOf = async (more: Parameters<typeof estimateCost>[2], events = 0) => {
    const { lines } = estimateCost(await readInventory(synthesizeApp()), events, more);
    return lines
      .filter(({ what }) => ['later events', 'receipts'].includes(what))
      .map(({ oneByOne, inTens, ...line }) => ({
        ...line,
        dollars: [oneByOne, inTens].map((dollars) => dollars.toFixed(2)),
      }));
  };

  it('is no line when it is not asked for', async () => {
    expect(await linesOf(undefined, 1_000_000)).toEqual([]);
  });

  it('is a line for each: a million later events cost what docs/later.md says', async () => {
    expect(await linesOf({ later: 1_000_000, receipts: 1_000_000 })).toEqual([
      {
        what: 'later events',
        how: '1,000,000: 8 requests to SQS, a schedule and 3 invocations each',
        standing: false,
        dollars: ['6.05', '2.90'],
      },
      {
        what: 'receipts',
        how: '1,000,000: a request, an invocation, and a read for each consumer',
        standing: false,
        dollars: ['2.09', '2.09'],
      },
    ]);
  });

  it('costs nothing where the bus is of another app', async () => {
    const inventory = { ...(await readInventory(synthesizeApp())), laters: 0, apis: 0 };
    const { lines } = estimateCost(inventory, 0, { later: 1, receipts: 1 });
    expect(lines.map(({ what }) => what)).not.toEqual(expect.arrayContaining(['later events']));
    expect(lines.map(({ what }) => what)).not.toEqual(expect.arrayContaining(['receipts']));
  });
});

it('what stands still costs the same without any event', async () => {
  const inventory = await readInventory(synthesizeApp());
  const idle = estimateCost(inventory, 0);
  expect(idle.oneByOne).toBeCloseTo(idle.standing);
  expect(idle.standing).toBeCloseTo(estimateCost(inventory, 1_000_000).standing);
});

it('a folder without templates is refused with what to do', async () => {
  writeFileSync(join(folder, 'manifest.json'), '{}');
  await expect(readInventory(folder)).rejects.toThrow(
    /has no template; synthesize into it first: npm run synth/,
  );
});

describe('what one event uses is what is measured', () => {
  const uuid = '0b0e6c1e-5d0a-5d0a-9d0a-0b0e6c1e5d0a';
  const near = (bytes: number, expected: number): void => {
    expect(bytes).toBeGreaterThan(0.85 * expected);
    expect(bytes).toBeLessThan(1.15 * expected);
  };

  it('of a log line for a batch, and of each event in it', () => {
    const [one = 0, ten = 0] = bytesLogged(`
      import { createTelemetry } from './lib/runtime/telemetry/powertools.ts';
      const item = {
        event: { id: '${uuid}', source: '/shop/checkout', time: '2026-01-31T12:00:00Z' },
        records: [{ messageId: 'm' }], receiveCount: 1, attempt: 1, startedAt: 1000, endedAt: 1012,
        outcome: { status: 'completed', committed: true, outbox: [] },
      };
      const telemetry = createTelemetry('analytics');
      telemetry.useRequestId('${uuid}');
      for (const length of [1, 10]) telemetry.report({
        items: Array.from({ length }, () => item), unreadable: [], returned: new Set(), refused: new Map(),
        unscheduled: 0, startedAt: 1000, endedAt: Date.parse('2026-01-31T12:00:01Z'),
      });`);
    const each = (ten - one) / 9;
    near(each, USAGE.eventInLineBytes);
    near(one - each, USAGE.batchLineBytes);
  });

  it('of a log line of the publish function', () => {
    const [bytes = 0] = bytesLogged(`
      import { createLogger } from './lib/aws/log/create-logger.ts';
      createLogger('publish').info('request', {
        requestId: '${uuid}', status: 202, published: 1, rejected: 0, failed: 0,
        principal: 'arn:aws:sts::111122223333:assumed-role/checkout/session', apiRequestId: 'JKJaXmPLvHcESHA=',
        events: [{ eventId: '${uuid}', source: '/shop/checkout' }], milliseconds: 12,
      });`);
    near(bytes, USAGE.publishLineBytes);
  });
});

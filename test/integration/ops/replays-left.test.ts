import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlPorts } from '../../../lib/archive/replay/control-replay.ts';
import { NO_COUNTS, type ReplayState } from '../../../lib/archive/replay/replay-state.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { readDeployment } from '../../../lib/ops/deployment.ts';
import { openReplays } from '../../../lib/ops/replay/open-replays.ts';
import { keeper } from '../../apps/replay/consumers.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { run } from '../local/assembly.ts';
import { expectDocumented } from './documented-shapes.ts';
import { runFanfare } from './run-fanfare.ts';

const DAY = 86_400_000;
const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/replay/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: keeper, entry: './handler.ts' }],
});
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let ports: ControlPorts;

beforeAll(async () => {
  local = await run(assemblyDirectory);
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  ports = openReplays(clients, await readDeployment(clients, { app: 'shop', stage: 'dev' }));
});
afterAll(() => {
  clients?.close();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** Writes the state of a replay that nothing works on. */
async function leave(state: Pick<ReplayState, 'id' | 'status'> & Partial<ReplayState>): Promise<string> {
  await ports.table.create({
    ...NO_COUNTS,
    knowsSince: 0,
    consumer: 'keeper',
    queueUrl: local.find('shop-dev-Keeper', 'Queue').physicalId,
    filterPolicyScope: 'MessageAttributes',
    from: 0,
    to: Date.parse('2026-11-27T05:00:00Z'),
    types: [],
    sources: [],
    mode: 'fill',
    rate: 1,
    createdAt: Date.now(),
    createdBy: 'test',
    lanes: 1,
    run: 1,
    round: 1,
    plannedTo: 0,
    tasks: 1,
    doneTasks: 0,
    objects: 1,
    events: 10,
    bytes: 100,
    ...state,
  });
  return state.id;
}
/** So that the next test finds no trouble of it. */
const end = (id: string) =>
  ports.table.change(id, { status: 'cancelled', from: ['failed', 'paused', 'planning', 'running'] });
const status = (...args: readonly string[]) => runFanfare(local, ['status', ...args]);

describe('fanfare status', () => {
  it('is well while a replay runs or is paused for some hours', async () => {
    const left = [
      await leave({ id: 'running', status: 'running', createdAt: Date.now() - 2 * DAY }),
      await leave({ id: 'pause', status: 'paused', createdAt: Date.now() - DAY / 2 }),
    ];
    expect((await status()).code).toBe(0);
    for (const id of left) await end(id);
  });

  it.each([
    ['has failed', { id: 'failed', status: 'failed' }],
    [
      'is paused, and was started more than a day ago',
      { id: 'old', status: 'paused', createdAt: Date.now() - 2 * DAY },
    ],
  ] as const)('ends with 1 when a replay %s', async (what, state) => {
    const id = await leave(state);
    const ended = await status();
    const json = JSON.parse((await status('--json')).stdout).data;
    await end(id);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(`replay ${id} to keeper ${what}`);
    expectDocumented('status', json);
    expect(json.bus.trouble).toEqual([{ kind: 'replay', detail: expect.stringContaining(what) }]);
    expect(json.replays).toEqual([expect.objectContaining({ id, createdAt: expect.stringMatching(/Z$/) })]);
  });
});

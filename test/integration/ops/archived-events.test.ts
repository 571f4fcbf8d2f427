import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { eventually, post } from '../../apps/client.ts';
import { createApp } from '../../apps/orders/app.ts';
import { order } from './rig.ts';
import { beginFanfare, runFanfare } from './run-fanfare.ts';

const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-archived-'));
let local: LocalStack;

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local?.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const placeOrder = (id: string) => post(local, { id, type: 'shop.OrderPlaced.v1', data: order(id) });
const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const eventsOf = (stdout: string): readonly { readonly id: string; readonly type: string }[] =>
  linesOf(stdout).flatMap(({ kind, data }) => (kind === 'archivedEvent' ? [data.event] : []));

it('what was published over HTTP, and what consumers emitted for it, is in the archive', async () => {
  const following = beginFanfare(local, ['events', '--follow', '--json', '--correlation', 'o-1']);
  await placeOrder('o-1');
  await eventually('the order and what it caused are archived', async () => {
    const types = eventsOf(following.output.stdout).map(({ type }) => type);
    return types.includes('shop.OrderPlaced.v1') && types.includes('shop.InventoryRejected.v1');
  });
  following.interrupt();
  expect(await following.ended).toMatchObject({ code: 0, stderr: '' });
  const listed = await runFanfare(local, ['events', '--json', '--type', 'shop.OrderPlaced.v1']);
  const [first, sums] = linesOf(listed.stdout);
  expect(first.data.event).toMatchObject({ id: 'o-1', data: order('o-1') });
  expect(sums).toMatchObject({ kind: 'archivedEvents', data: { events: 1, unreadable: [], missing: 0 } });
});

it('the watermark never passes an event that is not archived yet', async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `w-${index}`);
  const following = beginFanfare(local, ['events', '--follow', '--json', '--type', 'shop.OrderPlaced']);
  for (const id of ids) await placeOrder(id);
  const seen = (): readonly string[] =>
    eventsOf(following.output.stdout)
      .map(({ id }) => id)
      .filter((id) => id.startsWith('w-'));
  await eventually('all orders are shown', async () => seen().length >= ids.length);
  following.interrupt();
  await following.ended;
  expect(seen().toSorted()).toEqual(ids.toSorted());
});

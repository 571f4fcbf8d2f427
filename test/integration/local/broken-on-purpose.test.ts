import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../lib/local/faults/fault.ts';
import type { FunctionCounters } from '../../../lib/local/functions/local-function.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { eventually, itemsOf, post, recordOf } from '../../apps/client.ts';
import { claimer, neighbour } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: '../../apps/faults/publish.ts',
  consumers: [
    { definition: claimer, entry: '../../apps/faults/claimer.ts' },
    { definition: neighbour, entry: '../../apps/faults/neighbour.ts' },
  ],
});

let local: LocalStack;
let broken: string;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  broken = local.find('Claimer', 'Function').physicalId;
});

afterEach(async () => {
  for (const { target } of local.faults.faults) await repair(target);
});

afterAll(async () => {
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

async function ask(method: string, target: string, query = ''): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${local.awsEndpoint}/_fanfare/faults/${target}${query}`, { method });
  return { status: response.status, body: await response.json() };
}

async function turnOn(target: string, kind: FaultKind): Promise<void> {
  expect(await ask('PUT', target, `?kind=${kind}`)).toMatchObject({ status: 200, body: [{ target, kind }] });
}

async function repair(target: string): Promise<void> {
  expect((await ask('DELETE', target)).status).toBe(200);
}

async function publish(id: string): Promise<void> {
  expect((await post(local, { id, type: 'test.FaultRequested.v1', data: { fault: 'none' } })).status).toBe(
    202,
  );
}

async function effectsOf(stack: string, id: string): Promise<number> {
  const items = await itemsOf(local, stack, 'EffectsTable');
  return Number(items.find((item) => item.id?.S === id)?.effects?.N ?? 0);
}

const counters = () => local.functions.get(local.find('Claimer', 'Function').attributes.Arn ?? '')?.counters;

type Counters = Partial<FunctionCounters>;

const notTimedOut = (of: Counters = {}) => (of.invocations ?? 0) - (of.timeouts ?? 0);

/** By what one sees that a consumer is broken in this way. */
const SIGNS = {
  // On a busy machine a first attempt can time out before it fails.
  fail: () =>
    eventually('its record says why', async () => (await reasonOf('fail')).includes('on purpose'), 60_000),
  slow: async () => {
    await sleep(1_000);
    expect(await effectsOf('Claimer', 'slow')).toBe(0);
  },
  crash: (before: Counters) =>
    eventually('it has crashed', () => (counters()?.errors ?? 0) > (before.errors ?? 0), 60_000),
  // Its requests have no answer, and it answers in time all the same: nothing is handled, and the event comes again.
  // It has a second for each call, and a busy machine can take that away from one of them.
  timeout: async (before: Counters) => {
    await eventually(
      'it was called again after it had answered in time',
      () => notTimedOut(counters()) >= notTimedOut(before) + 2,
      60_000,
    );
    expect(await effectsOf('Claimer', 'timeout')).toBe(0);
  },
  duplicate: (before: Counters) =>
    eventually('it was called twice', () => (counters()?.invocations ?? 0) === (before.invocations ?? 0) + 2),
};

async function reasonOf(id: string): Promise<string> {
  return (await recordOf(local, 'Claimer', id))?.error?.M?.message?.S ?? '';
}

describe.each(['fail', 'slow', 'crash', 'timeout', 'duplicate'] as const)(
  'a consumer that is made to %s',
  (kind) => {
    it('leaves its neighbour alone, and has its effect once as soon as it is repaired', async () => {
      const before = { ...counters() };
      await turnOn(broken, kind);
      await publish(kind);
      await eventually('the neighbour is done', async () => (await effectsOf('Neighbour', kind)) === 1);
      await SIGNS[kind](before);
      await repair(broken);
      await eventually('it is done as well', async () => (await effectsOf('Claimer', kind)) === 1, 40_000);
      await eventually('nothing is on its way', () => local.isQuiet(), 40_000);
      expect(await effectsOf('Claimer', kind)).toBe(1);
    }, 150_000);
  },
);

it('an engine that is unreachable keeps everything waiting, and nothing is lost', async () => {
  await turnOn('dynamodb', 'unreachable');
  await publish('unreachable');
  const before = counters()?.invocations ?? 0;
  await eventually('it has been tried', () => (counters()?.invocations ?? 0) > before);
  await repair('dynamodb');
  for (const stack of ['Claimer', 'Neighbour']) {
    await eventually(`${stack} is done`, async () => (await effectsOf(stack, 'unreachable')) === 1, 40_000);
  }
}, 90_000);

it.each([
  ['nobody', 'fail', "there is no function or engine 'nobody'"],
  ['dynamodb', 'fail', "'fail' is no fault for dynamodb"],
  ['dynamodb', 'explode', 'kind must be one of'],
])('%s cannot be made to %s', async (target, kind, message) => {
  const { status, body } = await ask('PUT', target, `?kind=${kind}`);
  expect([status, body]).toEqual([400, { message: expect.stringContaining(message) }]);
});

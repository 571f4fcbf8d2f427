import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { eventually, itemsOf, post } from '../../apps/client.ts';
import { type ExternalService, startExternalService } from '../../apps/external-service.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { badges } from './badges/consumer.ts';
import { giftCards } from './gift-cards/consumer.ts';
import { payroll } from './payroll/consumer.ts';

const app = {
  base: import.meta.url,
  publishEntry: './publish.ts',
  consumers: [payroll, badges].map((definition) => ({
    definition,
    entry: `./${definition.name}/handler.ts`,
  })),
};
const assemblyDirectory = synthesizeApp(app);
const withGiftCards = synthesizeApp({
  ...app,
  consumers: [...app.consumers, { definition: giftCards, entry: './gift-cards/handler.ts' }],
});

let system: ExternalService;
let local: LocalStack;

const hire = async (employeeId: string): Promise<void> => {
  const answer = await post(local, {
    id: employeeId,
    type: 'hr.EmployeeCreated.v1',
    data: { employeeId, name: 'Ada' },
  });
  expect(answer.status).toBe(202);
};
const idsIn = async (stack: string, table: string): Promise<string[]> =>
  (await itemsOf(local, stack, table)).map(({ employeeId }) => employeeId?.S ?? '').toSorted();

beforeAll(async () => {
  system = await startExternalService();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { PAYROLL_SYSTEM: system.url },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  await system.stop();
  for (const directory of [assemblyDirectory, withGiftCards])
    rmSync(directory, { recursive: true, force: true });
});

it('payroll is offline, and nobody notices', async () => {
  system.up = false;
  for (const id of ['e-1', 'e-2', 'e-3']) await hire(id);
  await eventually('everybody has a badge', async () => (await idsIn('Badges', 'BadgesTable')).length === 3);
  await eventually('payroll has tried several times', () => system.refused >= 4);
  expect(system.received).toEqual([]);
});

it('payroll comes back and catches up, with each employee once', async () => {
  system.up = true;
  await eventually('all are on the payroll', () => local.isQuiet());
  expect(system.received.toSorted()).toEqual(['e-1', 'e-2', 'e-3']);
});

it('a gift-card service is added while events flow; nothing else is touched and nothing is missed', async () => {
  let hired = 3;
  let adding = true;
  const hiring = (async () => {
    while (adding || hired < 20) await hire(`e-${++hired}`);
  })();
  const made = await local.reload(withGiftCards);
  await hire('first-with-a-card');
  adding = false;
  await hiring;
  expect(made).toEqual([expect.stringContaining('GiftCards')]);

  await eventually('everything is through', () => local.isQuiet());
  expect(await idsIn('GiftCards', 'CardsTable')).toContain('first-with-a-card');
  expect(await idsIn('Badges', 'BadgesTable')).toHaveLength(hired + 1);
  expect(new Set(system.received).size).toBe(hired + 1);
  expect(system.received).toHaveLength(hired + 1);
});

import { rmSync } from 'node:fs';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, post, recordOf } from '../../apps/client.ts';
import { type ExternalService, startExternalService } from '../../apps/external-service.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { badges } from './badges/consumer.ts';
import { payroll } from './payroll/consumer.ts';

const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: './publish.ts',
  consumers: [payroll, badges].map((definition) => ({
    definition,
    entry: `./${definition.name}/handler.ts`,
  })),
});

let bank: ExternalService;
let local: LocalStack;
let lambda: LambdaClient;

const due = async (employeeId: string, cents = 100_000): Promise<void> => {
  const answer = await post(local, { id: employeeId, type: 'hr.SalaryDue.v1', data: { employeeId, cents } });
  expect(answer.status).toBe(202);
};

/** Whether Lambda polls the queue of payroll. */
const polling = async (): Promise<string | undefined> => {
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: local.find('Payroll', 'Function').physicalId }),
  );
  const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID: mapping?.UUID }));
  return State;
};

const intake = async () => (await itemsOf(local, 'Bus', 'Intake/Table'))[0];

beforeAll(async () => {
  bank = await startExternalService();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { BANK: bank.url },
    log: () => undefined,
  });
  lambda = new LambdaClient({
    endpoint: local.awsEndpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
});

afterAll(async () => {
  lambda.destroy();
  await local.stop();
  await bank.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

it('the bank is down: payroll stops, the operator sees why and since when, and nobody else notices', async () => {
  bank.up = false;
  const began = Date.now();
  for (let n = 1; n <= 12; n++) await due(`e-${n}`);
  await eventually('payroll is stopped', async () => (await intake())?.intake?.S === 'tripped');
  await eventually('its queue is not polled', async () => (await polling()) === 'Disabled');
  const state = await intake();
  expect(state?.consumer?.S).toBe('payroll');
  expect(state?.reason?.S).toMatch(
    /different events failed in a row, the last: TransientError: the bank answered 503$/,
  );
  expect(Number(state?.since?.N)).toBeGreaterThanOrEqual(began);
  await eventually(
    'everybody has a badge',
    async () => (await itemsOf(local, 'Badges', 'BadgesTable')).length === 12,
  );
});

it('it is down for longer than all attempts would last: the bank is only probed, and nothing dies', async () => {
  await eventually('several probes have failed', async () => Number((await intake())?.version?.N) >= 5);
  const before = bank.refused;
  await due('e-13');
  await eventually('it was probed again', () => bank.refused > before);
  expect(await deadLettersOf(local, 'Payroll')).toEqual([]);
  expect(bank.received).toEqual([]);
  for (const id of ['e-1', 'e-12'])
    expect(Number((await recordOf(local, 'Payroll', id))?.attempts?.N ?? 0)).toBeLessThan(3);
});

it('the bank is back: a probe passes, and the backlog is worked off, each salary once', async () => {
  bank.up = true;
  await eventually('all are paid', () => bank.received.length >= 13);
  await eventually('the intake flows', async () => (await intake())?.intake?.S === 'flowing');
  expect(await polling()).toBe('Enabled');
  await eventually('everything is through', () => local.isQuiet());
  expect(bank.received.toSorted()).toEqual(Array.from({ length: 13 }, (_, n) => `e-${n + 1}`).toSorted());
  expect((await intake())?.closedAt?.N).toMatch(/^\d+$/);
});

it('a poison event of the same afternoon is in the dead-letter queue with its reason, and stops nobody', async () => {
  const before = (await intake())?.version?.N;
  await due('e-14', -1);
  for (let n = 15; n <= 20; n++) await due(`e-${n}`);
  await eventually('the others are paid', () => bank.received.length === 19);
  let letters = await deadLettersOf(local, 'Payroll');
  await eventually('it is given up', async () => {
    if (letters.length === 0) letters = await deadLettersOf(local, 'Payroll');
    return letters.length === 1;
  });
  const [letter] = letters;
  expect(letter?.MessageAttributes?.errorName?.StringValue).toBe('RangeError');
  expect(letter?.MessageAttributes?.errorMessage?.StringValue).toBe('the salary of e-14 is negative');
  expect((await intake())?.version?.N).toBe(before);
});

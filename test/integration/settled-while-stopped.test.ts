import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createOpsClients } from '../../lib/ops/clients.ts';
import { type DeployedConsumer, type Deployment, readDeployment } from '../../lib/ops/deployment.ts';
import { pauseIntake, resumeIntake } from '../../lib/ops/intake/change-intake.ts';
import { openIntake } from '../../lib/ops/intake/open-intake.ts';
import { waitUntilSettled } from '../../lib/testing/bus/settled.ts';
import { eventually, post } from '../apps/client.ts';
import { type ExternalService, startExternalService } from '../apps/external-service.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';
import { badges } from '../scenarios/neighbour-down/badges/consumer.ts';
import { payroll } from '../scenarios/neighbour-down/payroll/consumer.ts';

const scenario = new URL('../scenarios/neighbour-down/', import.meta.url).href;
const assemblyDirectory = synthesizeApp({
  base: scenario,
  publishEntry: './publish.ts',
  consumers: [payroll, badges].map((definition) => ({
    definition,
    entry: `./${definition.name}/handler.ts`,
  })),
});

let bank: ExternalService;
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let deployment: Deployment;

const due = async (employeeId: string): Promise<void> => {
  const answer = await post(local, {
    id: employeeId,
    type: 'hr.SalaryDue.v1',
    data: { employeeId, cents: 100_000 },
  });
  expect(answer.status).toBe(202);
};
const consumerNamed = (name: string): DeployedConsumer => {
  const consumer = deployment.consumers.find(({ label }) => label === name);
  if (!consumer) throw new Error(`there is no consumer ${name}`);
  return consumer;
};
const controlQueueUrl = (): string => local.find('Bus', 'Intake/Queues/Queue').physicalId;
const ISO_TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

beforeAll(async () => {
  bank = await startExternalService();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { BANK: bank.url },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
});

afterAll(async () => {
  clients.close();
  await local.stop();
  await bank.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

it('while a breaker is open, what waits for its consumer is not settled, and the error says why', async () => {
  bank.up = false;
  for (let n = 1; n <= 4; n++) await due(`e-${n}`);
  // Long enough that it is disabled, and nothing polls its queue.
  await expect(waitUntilSettled(local, 8)).rejects.toThrow(
    new RegExp(
      `^after 8 seconds the bus is not settled: 4 messages of shop-dev-Payroll\\S* wait or are with it, and its breaker is open since ${ISO_TIME}: ` +
        '.+, the last: TransientError: the bank answered 503(; |$)',
    ),
  );
});

it('when the breaker has closed, it settles', async () => {
  bank.up = true;
  await waitUntilSettled(local, 20);
  expect(bank.received).toHaveLength(4);
});

it('a pause that ends by itself is not waited for when nothing waits for the consumer', async () => {
  const { ports, target } = await openIntake(clients, deployment, consumerNamed('payroll'));
  await pauseIntake(ports, target, { by: 'ada', reason: 'the bank moves', forSeconds: 3_600 });
  await eventually('the controller keeps the message', () => local.depthOf(controlQueueUrl()).inFlight === 1);
  await waitUntilSettled(local, 5);
  expect(local.depthOf(controlQueueUrl())).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
});

it('what waits for a paused consumer is not settled, and the error says so', async () => {
  await due('e-5');
  await expect(waitUntilSettled(local, 3)).rejects.toThrow(
    new RegExp(
      `: 1 messages of shop-dev-Payroll\\S* wait or are with it, and it is paused since ${ISO_TIME}: the bank moves$`,
    ),
  );
  const { ports, target } = await openIntake(clients, deployment, consumerNamed('payroll'));
  await resumeIntake(ports, target, { by: 'ada' });
  await waitUntilSettled(local, 20);
  expect(bank.received).toContain('e-5');
});

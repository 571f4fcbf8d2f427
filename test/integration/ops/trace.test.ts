import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { traceLines } from '../../../lib/cli/operate/trace/trace-lines.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { faultTargetNamed, setFault } from '../../../lib/ops/faults.ts';
import { noteOperation } from '../../../lib/ops/trace/operation-note.ts';
import { trace } from '../../../lib/ops/trace/trace.ts';
import type { Handling } from '../../../lib/ops/trace/traced-event.ts';
import { eventually, post } from '../../apps/client.ts';
import { createApp } from '../../apps/orders/app.ts';

const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-trace-'));
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let deployment: Deployment;

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
});

afterAll(async () => {
  clients?.close();
  await local?.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const placeOrder = (id: string, email = 'ada@example.com') =>
  post(local, {
    id,
    type: 'shop.OrderPlaced.v1',
    data: {
      orderId: id,
      customerId: 'c-1',
      email,
      currency: 'EUR',
      totalMinor: 1990,
      lines: [{ sku: 'espresso-beans', quantity: 1 }],
    },
  });

const storyOf = (id: string) =>
  trace(clients, deployment, { id, onProblem: ({ reason }) => expect.fail(reason) });

async function handlingOf(id: string, consumer: string): Promise<Handling | undefined> {
  const [event] = await storyOf(id);
  return event?.handlings.find((handling) => handling.consumer === consumer);
}

const reaches = (id: string, consumer: string, status: string): Promise<void> =>
  eventually(`${consumer} is ${status}`, async () => (await handlingOf(id, consumer))?.status === status);

it('tells dead, purged and redriven apart, with each attempt', async () => {
  const id = 'o-refused';
  const email = deployment.consumers.find(({ name }) => name === 'email') ?? expect.fail();
  await placeOrder(id, 'ada@undeliverable.example');
  await reaches(id, 'email', 'dead');
  const dead = (await handlingOf(id, 'email')) ?? expect.fail();
  expect(dead.attempts).toBe(1);
  expect(dead.history).toMatchObject([{ attempt: 1, reason: expect.stringMatching(/^PermanentError/) }]);
  const [{ source = '' } = {}] = await storyOf(id);
  for (const fate of ['purged', 'redriven'] as const) {
    expect(await noteOperation(clients, email, [{ eventId: id, source }, {}], fate)).toBe(true);
    expect((await handlingOf(id, 'email'))?.status).toBe(fate);
  }
});

it('leaves the record of what is done as it is, whatever is purged', async () => {
  const id = 'o-done';
  const email = deployment.consumers.find(({ name }) => name === 'email') ?? expect.fail();
  await placeOrder(id);
  await reaches(id, 'email', 'completed');
  const [{ source = '' } = {}] = await storyOf(id);
  const both = [
    { eventId: id, source },
    { eventId: 'nobody', source },
  ];
  for (const fate of ['purged', 'redriven'] as const)
    expect(await noteOperation(clients, email, both, fate)).toBe(true);
  expect((await handlingOf(id, 'email'))?.status).toBe('completed');
  expect(await storyOf('nobody')).toEqual([]);
});

it('has a consumer on it that crashed before it could note anything, and says what a commit took', async () => {
  await setFault(local.awsEndpoint, faultTargetNamed(deployment, 'analytics'), 'crash');
  let id = '';
  let order = 0;
  // A process may get its commit through before it dies.
  await eventually('a process dies before it has noted anything', async () => {
    id = `o-crashed-${++order}`;
    await placeOrder(id);
    await reaches(id, 'email', 'completed');
    const [event = expect.fail()] = await storyOf(id);
    return /└ analytics: .*unseen.*has no record/.test(traceLines(event).join('\n'));
  });
  expect(await handlingOf(id, 'email')).toMatchObject({ endsWithCommit: false });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { billing } from '../apps/billing/consumer.ts';
import { eventually, itemsOf, post } from '../apps/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-needs-'));
const secretsFile = join(folder, 'secrets.json');
const lines: string[] = [];
let local: LocalStack;

beforeAll(async () => {
  const app = new App({ outdir: join(folder, 'cdk.out'), context: { app: 'shop' } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const { bus } = new EventBusStack(app, { settings });
  const vpc = new Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false });
  new ConsumerStack(app, {
    definition: billing,
    bus,
    stage,
    vpc,
    environment: { DATABASE: vpc.vpcId },
    entry: 'test/apps/billing/handler.ts',
  });
  app.synth();
  local = await startLocal({
    assemblyDirectory: join(folder, 'cdk.out'),
    ports: { api: 0, aws: 0, dynamodb: 0 },
    secretsFile,
    verbose: true,
    log: (line) => lines.push(line),
  });
}, 60_000);

afterAll(async () => {
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const order = (id: string) => ({
  id,
  type: 'shop.OrderPlaced.v1',
  data: {
    orderId: id,
    customerId: 'customer-1',
    email: 'ada@example.com',
    currency: 'EUR',
    totalMinor: 100,
    lines: [{ sku: 'beans', quantity: 1 }],
  },
});

it('fails an event whose secret is missing, says which and where to add it, and goes on when it is there', async () => {
  writeFileSync(secretsFile, JSON.stringify({ '/shop/tax': 'tax-value' }));
  expect((await post(local, order('order-1'))).status).toBe(202);
  const failure = () => lines.find((line) => line.includes("the secret 'stripeKey' cannot be read"));
  await eventually('the first attempt has failed', () => failure() !== undefined);
  const said = failure();
  expect(said).toContain(`it is not in ${secretsFile}; add`);
  writeFileSync(secretsFile, JSON.stringify({ 'shop/dev/stripe': 'stripe-value', '/shop/tax': 'tax-value' }));
  await eventually(
    'the charge is there',
    async () => (await itemsOf(local, 'Billing', 'ChargesTable')).length > 0,
  );
  const [charge] = await itemsOf(local, 'Billing', 'ChargesTable');
  expect(charge?.with?.S).toMatch(/^stripe-value tax-value EUR \S+/);
});

it('keeps a secret as long as its process lives, and never logs one', async () => {
  writeFileSync(secretsFile, '{}');
  expect((await post(local, order('order-2'))).status).toBe(202);
  await eventually(
    'the second charge is there',
    async () => (await itemsOf(local, 'Billing', 'ChargesTable')).length > 1,
  );
  expect(lines.some((line) => line.includes('charging'))).toBe(true);
  expect(lines.filter((line) => /(stripe|tax)-value/.test(line))).toEqual([]);
});

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../apps/client.ts';
import { linkPackages } from '../../apps/link-packages.ts';
import { freePort } from '../newcomer/packages.ts';
import { type StartedApp, startApp } from './start-app.ts';

const MINUTE = 60_000;
const FRAUD_ACCOUNT = '222222222222';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const folder = mkdtempSync(join(tmpdir(), 'fanfare-two-teams-'));
const env: NodeJS.ProcessEnv = { ...process.env, HOME: folder };
let shop: StartedApp;
let fraud: StartedApp;
let sqs: SQSClient;
let sns: SNSClient;
let dynamodb: DynamoDBClient;

/** A repository of its own, in a folder of its own; what npm would install is linked. */
function checkOut(name: string): string {
  const root = join(folder, name);
  cpSync(join(import.meta.dirname, name), root, { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version: '0.0.0', type: 'module' }));
  linkPackages(root);
  return root;
}

const roots = { shop: checkOut('shop'), fraud: checkOut('fraud') };

beforeAll(async () => {
  for (const name of ['API', 'AWS', 'DYNAMODB', 'CONSOLE'])
    env[`FANFARE_${name}_PORT`] = String(await freePort());
  const endpoint = `http://127.0.0.1:${env.FANFARE_AWS_PORT}`;
  const settings = { region: 'us-east-1', endpoint, credentials };
  sqs = new SQSClient(settings);
  sns = new SNSClient(settings);
  dynamodb = new DynamoDBClient({ ...settings, endpoint: `http://127.0.0.1:${env.FANFARE_DYNAMODB_PORT}` });
});

afterAll(async () => {
  await fraud?.stop();
  await shop?.stop();
  for (const client of [sqs, sns, dynamodb]) client.destroy();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command in a repository. @throws Error with what it printed, when it fails */
function fanfare(name: keyof typeof roots, ...args: readonly string[]): void {
  const command = [resolve('lib/cli/fanfare.ts'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: roots[name],
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ends with ${status}: ${stdout}${stderr}`);
}

const joinFraud = (...args: readonly string[]) =>
  startApp(roots.fraud, {
    env,
    args: ['--account', FRAUD_ACCOUNT, ...args],
    until: 'fraud-dev has joined shop-dev.',
  });

async function order(orderId: string, totalCents: number): Promise<number> {
  const event = {
    specversion: '1.0',
    id: orderId,
    source: 'shop/web',
    type: 'shop.OrderPlaced.v1',
    datacontenttype: 'application/json',
    data: { orderId, totalCents },
  };
  const response = await fetch(`http://127.0.0.1:${env.FANFARE_API_PORT}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
  return response.status;
}

async function cases(attribute: 'orderId' | 'from' = 'orderId'): Promise<readonly unknown[]> {
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('CasesTable'));
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.map((item) => item[attribute]?.S).toSorted();
}

const queues = async () =>
  ((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'fraud-dev-' }))).QueueUrls ?? []).toSorted();

/** What the shop has deployed, byte for byte. */
function deployed(): string {
  const hash = createHash('sha256');
  for (const file of globSync('.fanfare/assembly/**/*', { cwd: roots.shop, withFileTypes: true }).toSorted(
    (a, b) => a.name.localeCompare(b.name),
  )) {
    if (file.isFile()) hash.update(file.name).update(readFileSync(join(file.parentPath, file.name)));
  }
  return hash.digest('hex');
}

describe('two teams, two repositories, two accounts', () => {
  let before: string;

  it(
    'each has the contracts of the other, from their schemas',
    () => {
      for (const name of ['shop', 'fraud'] as const) fanfare(name, 'contracts', 'accept');
      fanfare('fraud', 'contracts', 'import', '../shop/events/schemas', '--out', 'contracts/shop');
      fanfare('shop', 'contracts', 'import', '../fraud/events/schemas', '--out', 'contracts/fraud');
      fanfare('fraud', 'contracts', 'consumers', '--out', '../fraud.consumers.json');
      fanfare('shop', 'contracts', 'check', '--consumers', '../fraud.consumers.json');
    },
    MINUTE,
  );

  it('has no line of the other in either repository but the contracts', () => {
    const sources = (name: string) => globSync('**/*.ts', { cwd: join(import.meta.dirname, name) });
    for (const [name, other] of [
      ['shop', 'fraud'],
      ['fraud', 'shop'],
    ] as const) {
      for (const file of sources(name)) {
        const text = readFileSync(join(import.meta.dirname, name, file), 'utf8');
        expect(text, file).not.toMatch(new RegExp(`from '(?!.*contracts/).*/${other}/`));
      }
    }
  });

  it(
    'the bus of the shop runs, and nobody looks for fraud',
    async () => {
      shop = await startApp(roots.shop, { env, until: 'Ctrl-C stops it.' });
      before = deployed();
      expect(await order('o-1', 200_000)).toBe(202);
      expect(await queues()).toEqual([]);
    },
    2 * MINUTE,
  );

  it(
    'the fraud team joins the bus that runs, under its own account',
    async () => {
      fraud = await joinFraud();
      expect(await order('o-2', 200_000)).toBe(202);
      expect(await order('o-3', 1_000)).toBe(202);
      await eventually('support has the case', async () => (await cases()).length === 1);
      expect(await cases()).toEqual(['o-2']);
      expect(await cases('from')).toEqual(['/consumers/fraud-dev/fraud-check']);
      fanfare('fraud', 'doctor');
      fanfare('shop', 'doctor');
      const [queueUrl = ''] = (await queues()).filter((url) => url.includes('-Queue-'));
      expect(queueUrl).toContain(`/${FRAUD_ACCOUNT}/fraud-dev-FraudCheck-Queue-`);
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
      );
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
      expect(Subscriptions.map(({ Endpoint }) => Endpoint)).toContain(Attributes?.QueueArn);
    },
    2 * MINUTE,
  );

  it(
    'leaves it again; its queue goes on filling, and nothing is lost when it comes back',
    async () => {
      await fraud.stop();
      expect(await order('o-4', 200_000)).toBe(202);
      expect(await order('o-5', 200_000)).toBe(202);
      const [queueUrl = ''] = (await queues()).filter((url) => url.includes('-Queue-'));
      await eventually('they wait', async () => (await waiting(queueUrl)) === 2);
      fraud = await joinFraud();
      await eventually('support has all cases', async () => (await cases()).length === 3);
      expect(await cases()).toEqual(['o-2', 'o-4', 'o-5']);
    },
    2 * MINUTE,
  );

  it(
    'leaves for good, with all that is its own',
    async () => {
      await fraud.stop();
      fraud = await joinFraud('--remove-on-stop');
      await fraud.stop();
      await eventually('its queues are gone', async () => (await queues()).length === 0);
      expect(await order('o-6', 200_000)).toBe(202);
      await eventually('the bus is quiet', async () => shop.output().includes('are removed'));
    },
    2 * MINUTE,
  );

  it(
    'the shop is told whom a change of its contract would break',
    () => {
      const file = join(roots.shop, 'events/index.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace('totalCents', 'totalEuros'));
      const check = () => fanfare('shop', 'contracts', 'check', '--consumers', '../fraud.consumers.json');
      expect(check).toThrow(/Breaks fraud-check of fraud, which takes shop.OrderPlaced.v1/);
    },
    MINUTE,
  );

  it('nothing of the shop was deployed, restarted or changed', () => {
    expect(deployed()).toBe(before);
    expect(shop.isRunning()).toBe(true);
    expect(shop.output()).not.toMatch(/Swapped|ERROR/);
  });

  it(
    'a guest that watches its sources ends with an error when the bus stops',
    async () => {
      fraud = await joinFraud('--watch');
      const end = fraud.ended();
      await shop.stop();
      expect(await end).toBe(1);
      expect(fraud.output()).toContain('shop-dev has stopped, so fraud-dev is not running any more');
    },
    MINUTE,
  );
});

async function waiting(QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

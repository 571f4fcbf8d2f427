import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteTopicCommand,
  PublishCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadLetterActions } from '../../../lib/console/actions/dead-letter-actions.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { consumerNamed, type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { readStatus } from '../../../lib/ops/status/status.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { eventually } from '../../apps/client.ts';
import { expectDocumented } from './documented-shapes.ts';
import { beginCommand, eventText, order } from './rig.ts';
import { synthesizeTwoRepositories } from './two-repositories.ts';

const assembly = synthesizeTwoRepositories();
const folder = mkdtempSync(join(tmpdir(), 'fanfare-repositories-'));
/** The repository of the consumers, without a bus. */
const inFraud = join(folder, 'fraud');
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let shop: Deployment;

beforeAll(async () => {
  mkdirSync(inFraud);
  writeFileSync(
    join(inFraud, 'cdk.json'),
    JSON.stringify({ app: 'none', context: { app: 'fraud', stage: 'dev' } }),
  );
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  local = await startLocal({ assemblyDirectory: assembly, ports, log: () => undefined });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  shop = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  await publish('o-1');
  const QueueUrl = consumerNamed(shop, 'fraud-dev/analytics').queueUrl;
  await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no event' }));
  await eventually('the events are handled', async () => {
    const { consumers } = await readStatus(clients, shop);
    const dead = consumers.find(({ label }) => label === 'fraud-dev/analytics')?.dead;
    return dead === 1 && consumers.every(({ waiting, inFlight }) => waiting === 0 && inFlight === 0);
  });
});

afterAll(async () => {
  clients.close();
  await local.stop();
  for (const path of [assembly, folder]) rmSync(path, { recursive: true, force: true });
});

async function publish(id: string): Promise<void> {
  const type = { DataType: 'String', StringValue: 'shop.OrderPlaced.v1' };
  await clients.sns.send(
    new PublishCommand({
      TopicArn: shop.topicArn,
      Message: eventText(id, order(id)),
      MessageAttributes: { type },
    }),
  );
}

const fanfare = (cwd: string, ...args: readonly string[]) =>
  beginCommand(args, cwd, {
    PATH: process.env.PATH,
    NO_COLOR: '1',
    FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
    FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
  }).ended;

/** The answer of a command as a program reads it. */
async function asJson(cwd: string, ...args: readonly string[]) {
  const { stdout } = await fanfare(cwd, ...args, '--json');
  return JSON.parse(stdout).data;
}

describe('in the repository of the bus', () => {
  it('the status has the consumers of all apps, with their owner', async () => {
    const { consumers } = await asJson('.', 'status');
    expect(consumers).toMatchObject([
      { name: 'analytics', owner: 'fraud-dev', label: 'fraud-dev/analytics', dead: 1 },
      { name: 'fraud-check', owner: 'fraud-dev', label: 'fraud-dev/fraud-check' },
      { name: 'shipping', owner: 'shop-dev', label: 'shipping' },
      { name: 'analytics', owner: 'shop-dev', label: 'shop-dev/analytics', dead: 0 },
    ]);
    for (const consumer of consumers) expectDocumented('consumer', consumer);
    const { stdout } = await fanfare('.', 'status');
    expect(stdout).toContain('dead   fraud-dev/analytics: 1 dead letter');
  });

  it('a name of two apps is refused alone, with both', async () => {
    expect(await fanfare('.', 'dlq', 'list', 'analytics')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name one of them: fraud-dev/analytics, shop-dev/analytics'),
    });
    expect(await fanfare('.', 'dlq', 'list', 'fraud-dev/analytics')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 dead letter of fraud-dev/analytics: 1 of 1 read.'),
    });
    expect(await fanfare('.', 'chaos', 'analytics', 'slow')).toMatchObject({ code: 2 });
  });

  it('a trace has what the consumers of all apps did', async () => {
    const [event] = await asJson('.', 'trace', 'o-1');
    expect(
      event.handlings.map(({ consumer, status }: Record<string, string>) => `${consumer}: ${status}`),
    ).toEqual(
      expect.arrayContaining([
        'shop-dev/analytics: completed',
        'fraud-dev/analytics: completed',
        'fraud-dev/fraud-check: completed',
      ]),
    );
    expect(event.handlings).toHaveLength(3);
  });

  it('nothing of another app is destroyed, and its consumers are named', async () => {
    expect(await fanfare('.', 'destroy')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('would get no events: fraud-dev/analytics, fraud-dev/fraud-check.'),
    });
    expect(await fanfare('.', 'destroy', 'fraud-check')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('belongs to fraud-dev'),
    });
  });

  it('the doctor lists the consumers of other apps, and compares none of them', async () => {
    const { stdout, code } = await fanfare('.', 'doctor', '--assembly', assembly, '--app', 'shop');
    expect(stdout).toContain('info: consumer fraud-dev/fraud-check is of the app fraud');
    expect(stdout).toContain('npx fanfare doctor');
    expect(stdout).not.toMatch(/destroy|error|stack fraud-dev-\w+ is deployed/);
    expect(code).toBe(0);
  });
});

describe('the console of the bus', () => {
  it('lists the dead letters of a consumer of another app', async () => {
    const { awsEndpoint, dynamodbEndpoint } = local;
    const [list] = deadLetterActions({
      place: { kind: 'local', awsEndpoint, dynamodbEndpoint },
      clients,
      deployment: shop,
      contracts: [],
      publisher: createPublisher({ topicArn: shop.topicArn, sns: clients.sns }),
      readOnly: true,
    });
    const consumer = 'fraud-dev/analytics';
    const pathname = `/api/dead-letters/${encodeURIComponent(consumer)}`;
    expect(list?.pattern.exec({ pathname })?.pathname.groups.consumer).toBe('fraud-dev%2Fanalytics');
    expect(await list?.run({ consumer }, undefined, new AbortController().signal)).toMatchObject({
      deadLetters: [{ body: 'no event' }],
    });
  });
});

describe('in the repository of the consumers', () => {
  it('the status has them and the bus, under their own names', async () => {
    const status = await asJson(inFraud, 'status');
    expect(status).toMatchObject({
      app: 'fraud',
      bus: { stackName: 'shop-dev-Bus', owner: 'shop-dev', stackStatus: 'CREATE_COMPLETE' },
      consumers: [{ label: 'analytics', dead: 1 }, { label: 'fraud-check' }],
    });
    expectDocumented('bus', status.bus);
  });

  it('their dead letters are listed, deleted, and restored from the other one', async () => {
    const file = join(folder, 'purged.jsonl');
    expect(await fanfare(inFraud, 'dlq', 'list', 'analytics')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 dead letter of analytics'),
    });
    expect(await fanfare('.', 'dlq', 'purge', 'fraud-dev/analytics', '--yes', '--file', file)).toMatchObject({
      code: 0,
    });
    expect(await fanfare(inFraud, 'dlq', 'restore', file, '--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 of 1 purged messages would be sent to the queue of analytics'),
    });
    expect(await fanfare('.', 'dlq', 'restore', file, '--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('to the queue of fraud-dev/analytics'),
    });
  });

  it('a file of deleted letters has a name without the slash', async () => {
    const QueueUrl = consumerNamed(shop, 'fraud-dev/fraud-check').deadLetterQueueUrl;
    await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no event' }));
    expect(await fanfare(inFraud, 'dlq', 'purge', 'fraud-dev/fraud-check', '--yes')).toMatchObject({
      code: 0,
    });
    expect(readdirSync(inFraud)).toContainEqual(
      expect.stringMatching(/^dead-letters-fraud-dev-fraud-check-.*\.jsonl$/),
    );
  });

  it('nothing is counted of an API that they do not have', async () => {
    const { consumers, lines } = await asJson(inFraud, 'cost', '--assembly', assembly, '--app', 'fraud');
    expect(consumers).toBe(2);
    const costOf = (what: string) => lines.find((line: { what: string }) => line.what === what).oneByOne;
    expect([costOf('HTTP API'), costOf('SNS')]).toEqual([0, 0]);
    expect(costOf('SQS')).toBeGreaterThan(0);
  });

  it('a document says what they take and emit on the bus', () => {
    const read = (name: string) => JSON.parse(readFileSync(join(assembly, name), 'utf8')).operations;
    expect(Object.keys(read('shop-dev-Bus.asyncapi.json'))).toEqual([
      'analytics.receive',
      'fraud-check.receive',
      'fraud-check.send',
    ]);
    expect(Object.keys(read('asyncapi.json'))).toContain('shipping.send');
    expect(Object.keys(read('asyncapi.json'))).not.toContain('fraud-check.send');
  });

  it('the doctor compares them', async () => {
    const { findings } = await asJson(inFraud, 'doctor', '--assembly', assembly);
    // The alarms are of what the tests before have done.
    expect(findings.filter(({ resource }: { resource: string }) => !resource.startsWith('alarm '))).toEqual(
      [],
    );
  });
});

describe('who', () => {
  it.each([
    ['the repository of the bus', () => '.'],
    ['the repository of the consumers', () => inFraud],
  ])('lists both sides of an event, in %s', async (_, cwd) => {
    const events = await asJson(cwd(), 'who', 'shop.OrderPlaced');
    expect(events).toEqual([
      {
        type: 'shop.OrderPlaced',
        versions: [1],
        producers: [{ kind: 'anyone', name: '', owner: 'shop-dev', versions: [] }],
        consumers: [
          { name: 'fraud-dev/analytics', owner: 'fraud-dev', versions: [1], filters: [] },
          {
            name: 'fraud-dev/fraud-check',
            owner: 'fraud-dev',
            versions: [1],
            filters: expect.arrayContaining([{ versions: [1], policy: { data: { currency: ['EUR'] } } }]),
          },
          { name: 'shop-dev/analytics', owner: 'shop-dev', versions: [1], filters: [] },
        ],
      },
    ]);
    for (const event of events) expectDocumented('who', event);
  });

  it('lists a consumer as the producer of what it emits, and ends with 1 when nobody takes it', async () => {
    const { stdout, code } = await fanfare(inFraud, 'who', 'fraud.OrderFlagged.v1');
    expect(stdout).toMatch(/fraud-dev\/fraud-check +v1 +emits it/);
    expect(stdout).toContain('Nobody takes it.');
    expect(code).toBe(1);
  });

  it('suggests the name that was meant', async () => {
    expect(await fanfare('.', 'who', 'shop.OrderPlacd')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean shop.OrderPlaced?'),
    });
    expect(await fanfare('.', 'who')).toMatchObject({ code: 2 });
  });

  it('has every event for a catalogue', async () => {
    const types = (await asJson(inFraud, 'who', '--all')).map(({ type }: { type: string }) => type);
    expect(types).toEqual([
      'fraud.OrderFlagged',
      'shop.InventoryReserved',
      'shop.OrderPlaced',
      'shop.ShipmentCreated',
    ]);
  });

  it('names a queue that no stack owns, and the doctor warns of it', async () => {
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'copy' }));
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const { SubscriptionArn } = await clients.sns.send(
      new SubscribeCommand({
        TopicArn: shop.topicArn,
        Protocol: 'sqs',
        Endpoint: Attributes?.QueueArn,
        ReturnSubscriptionArn: true,
      }),
    );
    const [event] = await asJson('.', 'who', 'shop.OrderPlaced');
    const doctor = await fanfare('.', 'doctor', '--assembly', assembly, '--app', 'shop');
    await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect(event.consumers).toContainEqual({ name: 'copy', owner: null, versions: [], filters: [] });
    expect(doctor.stdout).toMatch(/warning: topic of events delivers to \S+:copy/);
  });
});

describe('the attributes of the bus', () => {
  it('are what a consumer of another account takes', async () => {
    const attributes = await asJson('.', 'bus');
    expect(attributes).toMatchObject({ busName: 'shop-dev-Bus', topicArn: shop.topicArn });
    expect(Object.keys(attributes)).toEqual(['busName', 'topicArn', 'topicKeyArn', 'dataBucketName']);
    expectDocumented('busAttributes', attributes);
    expect(await asJson(inFraud, 'bus')).toEqual(attributes);
  });

  it('are explained to a person', async () => {
    const { stdout } = await fanfare('.', 'bus');
    expect(stdout).toContain("EventBus.fromStage(app, 'Bus', { app: 'shop', stage: 'dev' })");
    expect(stdout).toContain('The alarm topic of the bus is not among them');
  });
});

describe('when the bus has gone', () => {
  it('the doctor of the consumers says so', async () => {
    await clients.sns.send(new DeleteTopicCommand({ TopicArn: shop.topicArn }));
    const { stdout, code } = await fanfare(inFraud, 'doctor', '--assembly', assembly);
    expect(stdout).toContain('error: bus shop-dev-Bus is gone');
    expect(stdout).toMatch(/(fraud-check|analytics), (fraud-check|analytics) gets no events/);
    expect(code).toBe(1);
  });
});

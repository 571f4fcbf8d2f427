import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { type ConsumerStatus, readStatus } from '../../../lib/ops/status/status.ts';
import { eventually, post } from '../../apps/client.ts';
import { createApp } from '../../apps/orders/app.ts';
import { ordersProject } from '../../apps/orders/project.ts';
import { overrideMaxReceiveCount } from '../../apps/override-max-receive-count.ts';
import { expectDocumented, expectIsoTimes } from './documented-shapes.ts';

const project = ordersProject();
const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-operate-'));
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let deployment: Deployment;

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  overrideMaxReceiveCount(assemblyDirectory, 'shop-dev-Email');
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  const lines = [{ sku: 'espresso-beans', quantity: 500 }];
  await post(local, { type: 'shop.StockReceived.v1', data: { deliveryId: 'd-1', lines } });
});

afterAll(async () => {
  clients.close();
  await local.stop();
  for (const folder of [assemblyDirectory, project]) rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Begins a command as somebody at this machine would type it. */
function begin(args: readonly string[], cwd = project) {
  const child = spawn(process.execPath, [join(process.cwd(), 'lib/cli/fanfare.ts'), ...args], {
    cwd,
    env: {
      PATH: process.env.PATH,
      NO_COLOR: '1',
      FANFARE_URL: local.apiUrl,
      FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
      FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })));
  return { output, ended, interrupt: () => child.kill('SIGINT') };
}

const fanfare = (...args: readonly string[]): Promise<Ended> => begin(args).ended;
/** What a command answers to a program, held to what is documented of it. */
const jsonOf = async (...args: readonly string[]) => {
  const { kind, data } = JSON.parse((await fanfare(...args, '--json')).stdout);
  expectDocumented(kind, data);
  expectIsoTimes(data);
  return data;
};

/** The commands of the README's section about operating, in their blocks. */
function readmeBlocks(): readonly (readonly string[][])[] {
  const [, section = ''] = /## Operate\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? [];
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) =>
    block.trim().split('\n'),
  );
  return blocks.map((lines) => lines.map(argumentsOf));
}

/** Of a line of shell: words, some of them in single quotes. */
function argumentsOf(line: string): string[] {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  expect(words.slice(0, 2)).toEqual(['npx', 'fanfare']);
  return words.slice(2);
}

/** Without a process of its own, for it is asked again and again. */
async function email(): Promise<ConsumerStatus> {
  const { consumers } = await readStatus(clients, deployment);
  return consumers.find(({ name }) => name === 'email') ?? expect.fail('there is no email');
}

const dead = async (): Promise<number | null> => (await email()).dead;

describe('the README’s way through a failure', () => {
  const [before = [], after = []] = readmeBlocks();

  it('breaks the e-mail consumer and shows that only it suffers', async () => {
    for (const args of before) {
      // On a slow machine the confirmation is dead before somebody looks.
      const codes = args[0] === 'status' ? [0, 1] : [0];
      expect(codes).toContain((await fanfare(...args)).code);
    }
    await eventually('the confirmation is dead', async () => (await dead()) === 1, 40_000);
    await eventually('the alarm is on', async () => ((await email()).alarms ?? []).length > 0);
    const { code, stdout } = await fanfare('status');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^email .* ALARM$/m);
    expect(stdout).toMatch(/^analytics .* ok$/m);
    const story = (await fanfare('trace', 'order-4712')).stdout;
    expect(story).toMatch(/email: retrying .*Z, attempt 2, .*this request fails on purpose: a fault is on/);
    expect(story).toMatch(/\n +[\d-]+ [\d:]+Z {2}attempt 1 in .*: .*this request fails/);
    expect(story).toMatch(
      /inventory: completed[\s\S]*shop.InventoryReserved[\s\S]*shipping: completed[\s\S]*shop.ShipmentCreated/,
    );
  }, 60_000);

  it('lists the reason, repairs, redrives, and follows the order to its end', async () => {
    const [list = [], ...rest] = after;
    expect((await fanfare(...list)).stdout).toMatch(
      /shop.OrderPlaced.v1 .* this request fails on purpose: a fault is on \(2 attempts\)/,
    );
    for (const args of rest) expect(await fanfare(...args)).toMatchObject({ code: 0 });
    await eventually('the mail is sent', () =>
      local.mail().some(({ subject }) => subject.includes('order-4712')),
    );
    await eventually('it is done', async () => (await dead()) === 0 && local.isQuiet());
    await eventually('the story says so', async () =>
      /email: completed/.test((await fanfare('trace', 'order-4712')).stdout),
    );
    expect(await dead()).toBe(0);
  }, 60_000);

  it('is told by key too, when the source is known', async () => {
    const told = await jsonOf('trace', 'order-4712', '--source', '/fanfare/cli');
    expect(told).toEqual(await jsonOf('trace', 'order-4712'));
    expect(await fanfare('trace', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no consumer has a record'),
    });
    // An event in the middle of a story tells the whole of it.
    const reserved = told[0].handlings.find(({ consumer }: { consumer: string }) => consumer === 'inventory')
      .emitted[0];
    expect((await jsonOf('trace', reserved.id))[0].id).toBe('order-4712');
  });
});

describe('a single dead letter', () => {
  const queue = (): string => local.find('Email', 'DeadLetterQueue').physicalId;
  const kill = (body: string): Promise<unknown> =>
    local.sqs.send(
      new SendMessageCommand({
        QueueUrl: queue(),
        MessageBody: body,
        MessageAttributes: {
          errorName: { DataType: 'String', StringValue: 'PermanentError' },
          errorMessage: { DataType: 'String', StringValue: 'line\nfeed' },
        },
      }),
    );
  const first = async (): Promise<string> => {
    const [line = ''] = (await fanfare('dlq', 'list', 'email', '--json')).stdout.split('\n');
    return JSON.parse(line).data.messageId;
  };

  it('is shown completely, edited and sent back', async () => {
    const data = {
      orderId: 'o-8',
      customerId: 'c',
      email: 'not-an-address',
      currency: 'EUR',
      totalMinor: 1,
      lines: [{ sku: 'a', quantity: 1 }],
    };
    await kill(
      JSON.stringify({ specversion: '1.0', id: 'o-8', source: '/test', type: 'shop.OrderPlaced.v1', data }),
    );
    const id = await first();
    expect((await fanfare('dlq', 'show', 'email', id)).stdout).toMatch(
      /reason +PermanentError: line\\u\{000a\}feed[\s\S]*not-an-address/,
    );
    const broken = await fanfare('dlq', 'edit', 'email', id, '--data', '{"orderId":1}');
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('/data/orderId') });
    const edited = JSON.stringify({ ...data, email: 'grace@example.com' });
    expect(await fanfare('dlq', 'edit', 'email', id, '--data', edited)).toMatchObject({ code: 0 });
    await eventually('the mail is sent', () =>
      local.mail().some(({ to }) => to.includes('grace@example.com')),
    );
    expect(await dead()).toBe(0);
  });

  it('that is hostile shows as text', async () => {
    const deep = `${'['.repeat(100_000)}"\\u001b]0;owned\\u0007\u202e"${']'.repeat(100_000)}`;
    const event = { specversion: '1.0', id: '\u001b[2J', source: '/test', type: 'x', data: 'here' };
    await kill(JSON.stringify(event).replace('"here"', deep));
    const id = await first();
    for (const args of [
      ['list', 'email'],
      ['show', 'email', id],
    ]) {
      const { code, stdout } = await fanfare('dlq', ...args);
      expect(code).toBe(0);
      // Nothing that a terminal would obey: no control characters but the ends of lines, nothing that turns text around.
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  it('is purged only when somebody says so, and never without a copy', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-purge-'));
    const asked = await begin(['dlq', 'purge', 'email'], folder).ended;
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await dead()).toBe(1);
    const { code, stdout } = await begin(['dlq', 'purge', 'email', '--yes', '--json'], folder).ended;
    const { purged, file } = JSON.parse(stdout).data;
    expect({ code, purged }).toEqual({ code: 0, purged: 1 });
    expect(readFileSync(join(folder, file), 'utf8')).toContain('PermanentError');
    expect(await dead()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });
});

it('tail shows what passes, and leaves no queue and no subscription behind', async () => {
  const TopicArn = local.find('Bus', 'Bus/Topic').physicalId;
  const tail = begin(['tail', '--consumer', 'inventory', '--json']);
  const lines = [{ sku: 'espresso-beans', quantity: 1 }];
  await eventually('it has heard of something', async () => {
    await post(local, { type: 'shop.StockReceived.v1', data: { deliveryId: 'd-2', lines } });
    return tail.output.stdout !== '';
  });
  tail.interrupt();
  const { code, stdout } = await tail.ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout.split('\n')[0] ?? '').data).toMatchObject({ type: 'shop.StockReceived.v1' });
  const { QueueUrls = [] } = await local.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: 'fanfare-tail-' }),
  );
  expect(QueueUrls).toEqual([]);
  const { Subscriptions = [] } = await local.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  // Those of the consumers, and that of the archive.
  expect(Subscriptions).toHaveLength(5);
});

it('tail says that no contract has a type, and which was meant, and takes a type without its version', async () => {
  const tail = begin(['tail', '--type', 'shop.StockRecieved', 'shop.StockReceived', '--json']);
  const lines = [{ sku: 'espresso-beans', quantity: 1 }];
  await eventually('it has heard of something', async () => {
    await post(local, { type: 'shop.StockReceived.v1', data: { deliveryId: 'd-3', lines } });
    return tail.output.stdout !== '';
  });
  tail.interrupt();
  expect((await tail.ended).stderr).toContain(
    "No contract has the type 'shop.StockRecieved'; did you mean shop.StockReceived?",
  );
});

it('the doctor finds nothing wrong, until somebody changes a queue by hand', async () => {
  const { findings }: { findings: readonly { resource: string }[] } = await jsonOf(
    'doctor',
    '--assembly',
    assemblyDirectory,
  );
  // The dead letters above may still be there, and their alarm be on.
  const others = findings.filter(({ resource }) => !/^(alarm shop-|dead-letter queue)/.test(resource));
  expect(others).toMatchObject([{ severity: 'warning', resource: 'alarm topic' }]);
  const QueueUrl = local.find('Shipping', 'Queue').physicalId;
  await local.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }));
  const { code, stdout } = await fanfare('doctor');
  expect(code).toBe(1);
  expect(stdout).toContain('Shipping/Consumer/Queues/Queue has VisibilityTimeout: 7, and 180 is synthesized');
  expect(stdout).toContain(
    'Email/Consumer/Queues/Queue has RedrivePolicy.maxReceiveCount: 2, and 654 is synthesized',
  );
}, 60_000);

it('answers a program in the shape that is documented', async () => {
  const status = await jsonOf('status');
  expectDocumented('bus', status.bus);
  expectDocumented('consumer', status.consumers);
  expectDocumented(
    'trouble',
    status.consumers.flatMap(({ trouble }: ConsumerStatus) => trouble),
  );
  await jsonOf('chaos', 'analytics', 'slow');
  await jsonOf('chaos', 'analytics', 'repair');
  await jsonOf('destroy');
  await jsonOf('open', 'api', '--print');
  await jsonOf('dlq', 'redrive', 'analytics');
  await jsonOf('contracts', 'check');
  const data = JSON.stringify({ deliveryId: 'd-9', lines: [{ sku: 'espresso-beans', quantity: 1 }] });
  await jsonOf('publish', 'shop.StockReceived', '--data', data);
}, 60_000);

it('the console opens on a port of its own, and closes', async () => {
  const pages = begin(['console', '--port', '0']);
  await eventually('it says where it is', () => pages.output.stderr.includes('Ctrl-C closes it.'));
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(pages.output.stderr)?.[0] ?? expect.fail('no address');
  expect(await (await fetch(url)).text()).toContain('<title>Fanfare</title>');
  pages.interrupt();
  expect(await pages.ended).toMatchObject({ code: 0 });
});

it.each([
  [['dlq', 'list', 'nobody'], 2, 'there are analytics, email, inventory, shipping'],
  [['dlq', 'list', 'emial'], 2, 'did you mean email?'],
  [['tail', '--consumer', 'inventry'], 2, 'did you mean inventory?'],
  [['scheduled', 'list', '--type', 'shop.OrderPlacd'], 2, 'did you mean shop.OrderPlaced?'],
  [['publish', 'shop.OrderPlacd', '--data', '{}'], 2, 'did you mean shop.OrderPlaced?'],
  [['status', '--aws-port', '1'], 3, 'npm start'],
  [['chaos', 'email'], 2, 'name the fault'],
  [
    ['chaos', 'nobody', 'fail'],
    2,
    "no consumer or engine 'nobody'; there are analytics, email, inventory, shipping, aws, dynamodb",
  ],
])('fanfare %s says what is wrong', async (args, code, message) => {
  expect(await fanfare(...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
});

describe('after time has passed at once', () => {
  const DAY_MS = 86_400_000;
  const publishIn = async (days: number) => {
    const data = JSON.stringify({
      deliveryId: `in-${days}`,
      lines: [{ sku: 'espresso-beans', quantity: 1 }],
    });
    const { code, stdout, stderr } = await fanfare(
      ...['publish', 'shop.StockReceived', '--data', data, '--in', `${days}d`, '--json'],
    );
    return { code, stderr, at: code === 0 ? Date.parse(JSON.parse(stdout).data.deliverAt) : undefined };
  };

  beforeAll(() => local.advance(100 * 86_400, 60));

  it('an event is published for later by the time of the bus', async () => {
    const earliest = local.clock.now() + 365 * DAY_MS;
    // More than 365 days after the real time.
    const { code, at = 0 } = await publishIn(365);
    expect(code).toBe(0);
    expect([at >= earliest, at <= local.clock.now() + 365 * DAY_MS]).toEqual([true, true]);
  });

  it('one that comes too late is refused by the time of the bus', async () => {
    const { code, stderr } = await publishIn(366);
    expect(code).toBe(1);
    expect(stderr).toContain('/deliverat is more than 365 days ahead');
  });
});

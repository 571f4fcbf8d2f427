import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../../../lib/constructs/stage.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { readDeployment } from '../../../lib/ops/deployment.ts';
import { readStatus } from '../../../lib/ops/status/status.ts';
import { eventually } from '../../apps/client.ts';
import { beginCommand } from './rig.ts';
import { synthesizeSideBySide } from './two-apps.ts';

const stage = (app: string, name: string) => new Stage({ app, name });
const assembly = synthesizeSideBySide(stage('shop', 'dev'), stage('library', 'dev'), stage('library', 'ada'));
const folder = mkdtempSync(join(tmpdir(), 'fanfare-folders-'));
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;

const inLibrary = join(folder, 'library');
const nowhere = join(folder, 'nowhere');

beforeAll(async () => {
  for (const path of [inLibrary, nowhere]) mkdirSync(path);
  writeFileSync(
    join(inLibrary, 'cdk.json'),
    JSON.stringify({ app: 'none', context: { app: 'library', stage: 'ada' } }),
  );
  local = await startLocal({
    assemblyDirectory: assembly,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  await publish({ app: 'shop', stage: 'dev' }, 'r1');
  const { consumers } = await readDeployment(clients, { app: 'library', stage: 'dev' });
  const QueueUrl = consumers[0]?.queueUrl ?? expect.fail();
  await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no event' }));
  await eventually('the events are handled', async () => {
    const of = async (app: string) => {
      const [consumer] = (await readStatus(clients, await readDeployment(clients, { app, stage: 'dev' })))
        .consumers;
      return consumer ?? expect.fail();
    };
    const [library, shop] = [await of('library'), await of('shop')];
    return library.dead === 1 && shop.waiting === 0 && shop.inFlight === 0;
  });
});

afterAll(async () => {
  clients.close();
  await local.stop();
  for (const path of [assembly, folder]) rmSync(path, { recursive: true, force: true });
});

async function publish(name: { app: string; stage: string }, id: string): Promise<void> {
  const { topicArn: TopicArn } = await readDeployment(clients, name);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sns = new SNSClient({ endpoint: local.awsEndpoint, region: 'us-east-1', credentials });
  const event = {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'reviews.ReviewPublished.v1',
    data: { stars: 5 },
  };
  await sns.send(
    new PublishCommand({
      TopicArn,
      Message: JSON.stringify(event),
      MessageAttributes: { type: { DataType: 'String', StringValue: event.type } },
    }),
  );
  sns.destroy();
}

/** About what runs on this machine. */
const fanfare = (cwd: string, ...args: readonly string[]) =>
  beginCommand(args, cwd, {
    PATH: process.env.PATH,
    NO_COLOR: '1',
    FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
    FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
  }).ended;

/** The same engines, which the command takes for AWS. */
const onAws = (cwd: string, ...args: readonly string[]) =>
  beginCommand(args, cwd, {
    PATH: process.env.PATH,
    NO_COLOR: '1',
    AWS_ENDPOINT_URL: local.awsEndpoint,
    AWS_ENDPOINT_URL_DYNAMODB: local.dynamodbEndpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  }).ended;

describe('of two apps on the same engines a command sees its own', () => {
  it('that of the folder that it is called in', async () => {
    const { stdout } = await fanfare('.', 'status', '--json');
    expect(JSON.parse(stdout).data).toMatchObject({
      app: 'shop',
      stage: 'dev',
      bus: { stackName: 'shop-dev-Bus' },
      consumers: [{ name: 'praise', dead: 0 }],
    });
  });

  it('with the stage that its folder is set to', async () => {
    const { stdout } = await fanfare(inLibrary, 'status', '--json');
    expect(JSON.parse(stdout).data).toMatchObject({ app: 'library', stage: 'ada', consumers: [{ dead: 0 }] });
  });

  it('the one that is named', async () => {
    const { stdout, code } = await fanfare('.', 'status', '--app', 'library', '--json');
    expect(JSON.parse(stdout).data).toMatchObject({
      app: 'library',
      consumers: [{ name: 'praise', dead: 1 }],
    });
    expect(code).toBe(1);
  });

  it('its dead letters', async () => {
    const ofShop = await fanfare('.', 'dlq', 'list', 'praise', '--json');
    expect(JSON.parse(ofShop.stdout)).toMatchObject({ kind: 'deadLetterSummary', data: { count: 0 } });
    const ofLibrary = await fanfare('.', 'dlq', 'list', 'praise', '--app', 'library', '--json');
    expect(ofLibrary.stdout).toContain('"count":1');
  });

  it('its events', async () => {
    expect(await fanfare('.', 'trace', 'r1')).toMatchObject({ stdout: expect.stringContaining('praise') });
    expect(await fanfare('.', 'trace', 'r1', '--app', 'library')).toMatchObject({
      stdout: expect.not.stringContaining('r1 '),
      stderr: expect.stringContaining('no consumer has a record of an event r1'),
    });
  });

  it('its drift', async () => {
    const { stdout } = await fanfare('.', 'doctor', '--assembly', assembly, '--app', 'library');
    expect(stdout).toContain('library-dev-');
    expect(stdout).not.toMatch(/shop-dev-|library-ada-/);
  });

  it('what stands against its end', async () => {
    const ofShop = await fanfare('.', 'destroy', '--json');
    expect(JSON.parse(ofShop.stdout).data).toMatchObject({ app: 'shop', refused: false, held: [] });
    const { stdout, code } = await fanfare('.', 'destroy', '--app', 'library', '--json');
    expect(JSON.parse(stdout).data).toMatchObject({
      app: 'library',
      refused: true,
      held: [{ consumer: 'praise' }],
    });
    expect(code).toBe(1);
  });

  it('what it costs', async () => {
    const consumersOf = async (...args: readonly string[]) =>
      JSON.parse((await fanfare('.', 'cost', '--assembly', assembly, '--json', ...args)).stdout).data
        .consumers;
    expect(await consumersOf()).toBe(3);
    expect(await consumersOf('--app', 'shop')).toBe(1);
    expect(await fanfare('.', 'cost', '--assembly', assembly, '--app', 'libary')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean library?'),
    });
  });

  it('what it breaks on purpose', async () => {
    await fanfare('.', 'chaos', 'praise', 'slow', '--app', 'library');
    expect((await fanfare('.', 'chaos')).stdout).toBe('Nothing is broken.\n');
    const repaired = await fanfare('.', 'chaos', 'praise', 'repair', '--app', 'library');
    expect(repaired.stdout).toBe('Nothing is broken.\n');
  });

  it('and restores no dead letter of the other', async () => {
    const file = join(folder, 'purged.jsonl');
    const purged = await fanfare('.', 'dlq', 'purge', 'praise', '--app', 'library', '--yes', '--file', file);
    expect(purged).toMatchObject({ code: 0 });
    expect(await fanfare('.', 'dlq', 'restore', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "are of app 'library', and this is app 'shop'; restore them with --app library",
      ),
    });
    expect(await fanfare('.', 'dlq', 'restore', file, '--app', 'library')).toMatchObject({ code: 0 });
  });
});

describe('on AWS, in a folder without a project', () => {
  it('the only app of a stage is taken', async () => {
    const { stdout } = await onAws(nowhere, 'status', '--stage', 'ada', '--json');
    expect(JSON.parse(stdout).data).toMatchObject({ app: 'library', stage: 'ada' });
  });

  it.each(['status', 'destroy', 'tail'])('%s takes none of several apps, and names them', async (command) => {
    expect(await onAws(nowhere, command, '--stage', 'dev')).toEqual({
      code: 2,
      stdout: '',
      stderr: "fanfare: several apps have a stage 'dev' here: library, shop; say which one with --app\n",
    });
  });

  it('a program is told the same by the name of the error', async () => {
    const { stdout } = await onAws(nowhere, 'status', '--stage', 'dev', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'error', error: { name: 'AmbiguousNameError' } });
  });
});

it('on AWS the app of the folder is taken, and one that is not there is not taken for another', async () => {
  const { stdout } = await onAws('.', 'status', '--stage', 'dev', '--json');
  expect(JSON.parse(stdout).data).toMatchObject({ app: 'shop' });
  expect(await onAws('.', 'status', '--stage', 'ada')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no Fanfare of app 'shop' with stage 'ada' here"),
  });
});

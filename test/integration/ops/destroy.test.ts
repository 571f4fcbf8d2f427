import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { type DeployedConsumer, readDeployment } from '../../../lib/ops/deployment.ts';
import { findHeldMessages } from '../../../lib/ops/destroy/held-messages.ts';
import { claimer, committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [
    { definition: committer, entry: './committer.ts' },
    { definition: claimer, entry: './claimer.ts' },
  ],
});
const manifest = join(assemblyDirectory, 'manifest.json');
const unprotected = readFileSync(manifest, 'utf8');
/** Has a `npx` that only notes what it was called with. */
const folder = mkdtempSync(join(tmpdir(), 'fanfare-destroy-'));
const called = join(folder, 'called');
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let consumer: DeployedConsumer;

beforeAll(async () => {
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\necho "$AWS_REGION: $@" > ${called}\nexit 7\n`);
  chmodSync(join(folder, 'npx'), 0o755);
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  const { consumers } = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  consumer = consumers.find(({ name }) => name === 'committer') ?? expect.fail('there is no committer');
});

beforeEach(() => rmSync(called, { force: true }));

afterEach(async () => {
  for (const QueueUrl of [consumer.queueUrl, consumer.deadLetterQueueUrl, consumer.undeliveredQueueUrl])
    await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
});

afterAll(async () => {
  clients.close();
  await local.stop();
  for (const directory of [assemblyDirectory, folder]) rmSync(directory, { recursive: true, force: true });
});

/** Runs the command; with `--stage` it reads the engines of this machine as if they were AWS. */
async function destroy(...args: readonly string[]) {
  const child = spawn(process.execPath, ['lib/cli/fanfare.ts', 'destroy', ...args], {
    env: {
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      NO_COLOR: '1',
      AWS_ENDPOINT_URL: local.awsEndpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
      FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output, cdk: existsSync(called) ? readFileSync(called, 'utf8').trim() : undefined };
}

const send = (QueueUrl: string, DelaySeconds?: number) =>
  clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds }));

/** Puts one message into each state that a queue can hold it in. */
const STATES = {
  visible: async () => {
    await send(consumer.undeliveredQueueUrl);
    return { role: 'undelivered queue', visible: 1, inFlight: 0, delayed: 0 };
  },
  'in flight': async () => {
    await send(consumer.deadLetterQueueUrl);
    const QueueUrl = consumer.deadLetterQueueUrl;
    await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
    return { role: 'dead-letter queue', visible: 0, inFlight: 1, delayed: 0 };
  },
  delayed: async () => {
    await send(consumer.queueUrl, 600);
    return { role: 'queue', visible: 0, inFlight: 0, delayed: 1 };
  },
};

/** Until it is called off, the stack of the committer says nothing of its queue. */
function loseOutput(): () => void {
  const { outputs } = local.stacks.find(({ name }) => name === consumer.stackName) ?? expect.fail('no stack');
  const { QueueUrl } = outputs;
  Reflect.deleteProperty(outputs, 'QueueUrl');
  return () => void Object.assign(outputs, { QueueUrl });
}

describe('a stack that does not say where its queues are', () => {
  it.each([[[]], [['committer']]])(
    'is not destroyed by %j, unless its messages are given up',
    async (names) => {
      const giveBack = loseOutput();
      try {
        const refused = await destroy(...names, '--stage', 'dev');
        expect(refused).toMatchObject({ code: 1, cdk: undefined });
        expect(refused.output).toContain(
          `${consumer.stackName}: it is CREATE_COMPLETE and has no output QueueUrl`,
        );
        const { code, cdk } = await destroy(...names, '--stage', 'dev', '--abandon-messages', '--force');
        expect({ code, cdk }).toEqual({
          code: 7,
          cdk: expect.stringContaining(names.length > 0 ? consumer.stackName : '--all'),
        });
      } finally {
        giveBack();
      }
    },
  );
});

describe('a stage whose queues hold messages', () => {
  it.each(Object.entries(STATES))('is not destroyed while one is %s', async (_, put) => {
    const { role, ...counts } = await put();
    const { name, queueUrl, deadLetterQueueUrl, undeliveredQueueUrl } = consumer;
    const url = { queue: queueUrl, 'dead-letter queue': deadLetterQueueUrl }[role] ?? undeliveredQueueUrl;
    const deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
    expect(await findHeldMessages(clients, deployment)).toEqual([
      { consumer: name, role, queueUrl: url, ...counts },
    ]);
    const { code, output, cdk } = await destroy('--stage', 'dev');
    expect(code).toBe(1);
    expect(cdk).toBeUndefined();
    expect(output).toContain('Not destroyed: stage dev of shop.');
    const { visible, inFlight, delayed } = counts;
    expect(output).toMatch(new RegExp(`${name}\\s+${role}\\s+${visible}\\s+${inFlight}\\s+${delayed}`));
    expect(output).toContain(`- ${role}: `);
    expect(output).toContain('--abandon-messages');
  });

  it('is destroyed when somebody gives the messages up', async () => {
    await STATES.visible();
    const { cdk } = await destroy('--stage', 'dev', '--abandon-messages');
    expect(cdk).toContain('cdk destroy --all -c app=shop -c stage=dev');
  });

  it('is told of on this machine too, where nothing is destroyed', async () => {
    await STATES.delayed();
    expect(await destroy()).toMatchObject({ code: 1, cdk: undefined });
  });

  it('is told of as JSON', async () => {
    await STATES.visible();
    const { code, output } = await destroy('--json');
    expect(code).toBe(1);
    expect(JSON.parse(output).data).toMatchObject({ stage: 'dev', refused: true, held: [{ visible: 1 }] });
  });
});

describe('one consumer', () => {
  it('is not destroyed while its own queues hold messages', async () => {
    await STATES.visible();
    const { code, output, cdk } = await destroy('committer', '--stage', 'dev');
    expect({ code, cdk }).toEqual({ code: 1, cdk: undefined });
    expect(output).toContain('Not destroyed: committer of stage dev of shop.');
  });

  it('is destroyed while another holds messages', async () => {
    await STATES.visible();
    expect((await destroy('claimer', '--stage', 'dev')).cdk).toContain('destroy shop-dev-Claimer -c');
  });
});

describe('a stage whose queues are empty', () => {
  it('may have lost a queue that somebody has deleted by hand', async () => {
    const gone = { ...consumer, undeliveredQueueUrl: `${consumer.undeliveredQueueUrl}-gone` };
    expect(await findHeldMessages(clients, { bridges: [], archives: [], consumers: [gone] })).toEqual([]);
  });

  it('is destroyed by the CDK with the settings, and ends with its exit code', async () => {
    const called = await destroy(
      ...['-c', 'stage=dev', '-c', 'alarmEmail=you@example.com', '--region', 'eu-west-1', '--force'],
    );
    expect(called.cdk).toBe(
      'eu-west-1: cdk destroy --all -c app=shop -c stage=dev -c alarmEmail=you@example.com --force',
    );
    expect(called.code).toBe(7);
  });

  it('is not destroyed on this machine, where there is nothing to destroy', async () => {
    const { code, output, cdk } = await destroy();
    expect({ code, cdk }).toEqual({ code: 0, cdk: undefined });
    expect(output).toContain('No queue holds messages: stage dev of shop.');
    expect(output).toContain('name a --stage on AWS');
  });

  it('can lose one consumer alone', async () => {
    const { cdk } = await destroy('committer', '--stage', 'dev');
    expect(cdk).toBe('us-east-1: cdk destroy shop-dev-Committer -c app=shop -c stage=dev');
  });

  it('does not lose a consumer that it does not have', async () => {
    const { code, output, cdk } = await destroy('somebody', '--stage', 'dev');
    expect({ code, cdk }).toEqual({ code: 2, cdk: undefined });
    expect(output).toContain("there is no consumer 'somebody'; there are claimer, committer");
  });

  it('is not destroyed when two stages are named', async () => {
    const { code, output, cdk } = await destroy('--stage', 'dev', '-c', 'stage=prod');
    expect({ code, cdk }).toEqual({ code: 2, cdk: undefined });
    expect(output).toContain('--stage is dev, but -c stage is prod');
  });
});

describe('a stage with termination protection', () => {
  it('names the stack of a consumer only, when only that is meant', async () => {
    const { code, output } = await destroy('claimer', '--stage', 'dev');
    expect(code).toBe(1);
    expect(output.match(/--stack-name \S+/g)).toEqual(['--stack-name shop-dev-Claimer']);
  });

  beforeAll(async () => {
    const { artifacts, ...rest } = JSON.parse(unprotected);
    for (const artifact of Object.values<{ type: string; properties: object }>(artifacts)) {
      if (artifact.type === 'aws:cloudformation:stack')
        artifact.properties = { ...artifact.properties, terminationProtection: true };
    }
    writeFileSync(manifest, JSON.stringify({ ...rest, artifacts }));
    await local.reload(assemblyDirectory);
  });
  afterAll(async () => {
    writeFileSync(manifest, unprotected);
    await local.reload(assemblyDirectory);
  });

  it('is not destroyed, even if the messages are given up, and says how to lift it', async () => {
    await STATES.visible();
    const { code, output, cdk } = await destroy('--stage', 'dev', '--abandon-messages');
    expect({ code, cdk }).toEqual({ code: 1, cdk: undefined });
    for (const name of ['shop-dev-Bus', 'shop-dev-Committer', 'shop-dev-Claimer']) {
      expect(output).toContain(
        `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}\n`,
      );
    }
  });
});

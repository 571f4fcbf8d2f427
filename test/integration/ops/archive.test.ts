import { rmSync } from 'node:fs';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients, type Target } from '../../../lib/ops/clients.ts';
import type { DeployedArchive } from '../../../lib/ops/deployed-archive.ts';
import { readDeployment } from '../../../lib/ops/deployment.ts';
import { emptyLeftBuckets } from '../../../lib/ops/destroy/empty-left-buckets.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
import { readSubscribers } from '../../../lib/ops/who/read-subscribers.ts';
import { eventually } from '../../apps/client.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { expectDocumented } from './documented-shapes.ts';
import { runFanfare } from './run-fanfare.ts';

const BUS = 'shop-dev-Bus';
const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/reports/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [],
});
let local: LocalStack;
let place: Target;
let clients: ReturnType<typeof createOpsClients>;
let archive: DeployedArchive;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    // What is put into the queue of the archive stays there.
    polls: () => false,
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  place = { kind: 'local', awsEndpoint, dynamodbEndpoint };
  clients = createOpsClients(place);
  const { archives } = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  archive = archives[0] ?? expect.fail('there is no archive');
});

afterEach(async () => {
  for (const QueueUrl of [archive.queueUrl, archive.deadLetterQueueUrl, archive.undeliveredQueueUrl])
    await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const send = (QueueUrl: string) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
const statusOf = async () => {
  const { code, stdout } = await runFanfare(local, ['status', '--json']);
  return { code, bus: JSON.parse(stdout).data.bus };
};

describe('status', () => {
  it('counts what waits to be archived, which is no trouble', async () => {
    await send(archive.queueUrl);
    await eventually('no alarm is on', async () => (await statusOf()).code === 0);
    const { code, bus } = await statusOf();
    expect(bus).toMatchObject({ archive: { waiting: 1, dead: 0, undelivered: 0 }, trouble: [] });
    expect(code).toBe(0);
    expectDocumented('bus', bus);
  });

  it.each([
    ['dead', () => archive.deadLetterQueueUrl, '1 dead letter of the archive'],
    ['undelivered', () => archive.undeliveredQueueUrl, '1 event that SNS could not deliver to the archive'],
  ])('counts what is %s as trouble of the bus', async (kind, queueUrl, detail) => {
    await send(queueUrl());
    const { code, bus } = await statusOf();
    expect(code).toBe(1);
    expect(bus.trouble).toContainEqual({ kind, detail });
    expect(bus.problems).toEqual([]);
    expect(bus.archive).toMatchObject({ [kind]: 1 });
    expect((await runFanfare(local, ['status'])).stdout).toContain(`the bus: ${detail}`);
  });
});

describe('doctor', () => {
  const findings = async () =>
    (await examine(clients, { stage: 'dev', place, assemblyDirectory, knownTypes: [] })).findings;

  it('finds nothing wrong with an archive that is as it was synthesized', async () => {
    await eventually('the alarms of earlier tests are off', async () =>
      (await findings()).every(({ resource }) => !resource.startsWith('alarm shop-')),
    );
    expect(await findings()).toMatchObject([{ severity: 'warning', resource: 'alarm topic' }]);
  });

  it('names what is not archived', async () => {
    await send(archive.deadLetterQueueUrl);
    await send(archive.undeliveredQueueUrl);
    expect(await findings()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          severity: 'error',
          resource: `undelivered queue of the archive of ${BUS}`,
          remedy: expect.stringContaining('runbook.md#archiveundelivered'),
        }),
        expect.objectContaining({
          severity: 'warning',
          resource: `dead-letter queue of the archive of ${BUS}`,
          detail: expect.stringContaining('1 message that could not be archived'),
        }),
      ]),
    );
  });
});

it('who lists no archive: it takes every event', async () => {
  const deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  expect(await readSubscribers(clients, deployment)).toEqual({ subscribers: [], problems: [] });
});

describe('destroy', () => {
  it.each([
    ['queue of the archive', () => archive.queueUrl],
    ['dead-letter queue of the archive', () => archive.deadLetterQueueUrl],
    ['undelivered queue of the archive', () => archive.undeliveredQueueUrl],
  ])('refuses while the %s holds a message, and says what to do', async (role, queueUrl) => {
    await send(queueUrl());
    const { code, stderr } = await runFanfare(local, ['destroy']);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`${BUS}\\s+${role}\\s+1\\s+0\\s+0`));
    expect(stderr).toContain('- queues of the archive: stop publishing');
  });

  it('empties a bucket that CloudFormation could not delete, and no other', async () => {
    const Bucket = local.find(BUS, 'Data').physicalId;
    const s3 = await clients.s3();
    const keys = async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key }) => Key);
    };
    await s3.send(new PutObjectCommand({ Bucket, Key: 'archive/v1/a', Body: 'a' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large/b', Body: 'b' }));
    const cloudFormation = new CloudFormationClient({ region: 'us-east-1' });
    const bucketIs = (ResourceStatus: 'DELETE_FAILED' | 'DELETE_SKIPPED') =>
      mockClient(cloudFormation)
        .on(ListStackResourcesCommand, { StackName: BUS })
        .resolves({
          StackResourceSummaries: [
            {
              LogicalResourceId: 'Data',
              ResourceType: 'AWS::S3::Bucket',
              PhysicalResourceId: Bucket,
              ResourceStatus,
              LastUpdatedTimestamp: new Date(),
            },
          ],
        });
    const empty = (stackName: string, stackStatus: string) =>
      emptyLeftBuckets(
        { cloudFormation, s3: clients.s3 },
        { owner: 'shop-dev', stacks: [{ stackName, stackStatus }] },
      );
    bucketIs('DELETE_FAILED');
    expect(await empty(BUS, 'CREATE_COMPLETE')).toEqual([]);
    expect(await empty('other-dev-Bus', 'DELETE_FAILED')).toEqual([]);
    bucketIs('DELETE_SKIPPED');
    expect(await empty(BUS, 'DELETE_FAILED')).toEqual([]);
    expect(await keys()).toEqual(['archive/v1/a', 'large/b']);
    bucketIs('DELETE_FAILED');
    expect(await empty(BUS, 'DELETE_FAILED')).toEqual([Bucket]);
    expect(await keys()).toEqual([]);
    expect(await empty(BUS, 'DELETE_FAILED')).toEqual([]);
  });
});

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { consumerNamed, type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { type ExamineOptions, examine } from '../../../lib/ops/doctor/examine.ts';
import { claimer, committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [
    { definition: claimer, entry: './claimer.ts' },
    { definition: committer, entry: './committer.ts' },
  ],
});
const MANIFEST = join(assemblyDirectory, 'manifest.json');
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let deployment: Deployment;

beforeAll(async () => {
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
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** What the doctor finds, but that nobody listens to the alarms of this machine. */
async function findings(options: Partial<ExamineOptions> = {}): Promise<readonly string[]> {
  const knownTypes = ['test.FaultRequested.v1'];
  const { findings: found } = await examine(clients, {
    stage: 'dev',
    place: { kind: 'local', ...local },
    assemblyDirectory,
    knownTypes,
    ...options,
  });
  return found
    .filter(({ resource }) => resource !== 'alarm topic')
    .map(({ severity, resource, detail }) => `${severity}: ${resource} ${detail}`);
}

/** Another assembly than the deployed one, until the test ends. */
function changeManifest(change: (manifest: Manifest) => void): void {
  const text = readFileSync(MANIFEST, 'utf8');
  onTestFinished(() => writeFileSync(MANIFEST, text));
  const manifest: Manifest = JSON.parse(text);
  change(manifest);
  writeFileSync(MANIFEST, JSON.stringify(manifest));
}

interface Manifest {
  readonly artifacts: Record<
    string,
    { properties: { stackName?: string; tags: Record<string, string>; terminationProtection: boolean } }
  >;
}

const COMMITTER = 'shop-dev-Committer';

it('a deployment that is as it was synthesized is well', async () => {
  expect(await findings()).toEqual([]);
});

it('a filter that matches no contract is found', async () => {
  expect(await findings({ knownTypes: ['test.Other.v1'] })).toEqual([
    expect.stringContaining('accepts only test.FaultRequested.v1, and there is no such contract'),
    expect.stringContaining('accepts only test.FaultRequested.v1, and there is no such contract'),
  ]);
});

it('a consumer that is deployed and not in the app is found with its owner, and nobody is told to destroy it', async () => {
  changeManifest(({ artifacts }) => delete artifacts[COMMITTER]);
  const { findings: found } = await examine(clients, {
    stage: 'dev',
    place: { kind: 'local', ...local },
    assemblyDirectory,
    knownTypes: [],
  });
  expect(found.filter(({ resource }) => resource !== 'alarm topic')).toEqual([
    {
      severity: 'warning',
      resource: `stack ${COMMITTER}`,
      detail:
        'is deployed, but is not in the app: its consumer still gets events; its tags: fanfare:app=shop, fanfare:bus=shop-dev-Bus, fanfare:consumer=committer, fanfare:deployment=shop-dev, fanfare:stage=dev',
      remedy: expect.stringContaining('ask its owner'),
    },
  ]);
});

it('a consumer of the app that is not deployed is found', async () => {
  changeManifest(({ artifacts }) => {
    const { [COMMITTER]: stack } = artifacts;
    if (!stack) expect.fail('there is no such stack');
    const properties = { ...stack.properties, stackName: 'shop-dev-Loyalty' };
    const tags = { ...properties.tags, 'fanfare:consumer': 'loyalty' };
    artifacts['shop-dev-Loyalty'] = { ...stack, properties: { ...properties, tags } };
  });
  expect(await findings()).toEqual([
    'error: stack shop-dev-Loyalty is in the app, but not deployed: loyalty gets no events',
  ]);
});

it('tags and the termination protection of a stack are compared', async () => {
  changeManifest(({ artifacts }) => {
    const { properties } = artifacts[COMMITTER] ?? expect.fail('there is no such stack');
    properties.terminationProtection = true;
    properties.tags.team = 'payments';
  });
  expect(await findings()).toEqual([
    `error: stack ${COMMITTER} has tags.team: nothing, and payments is synthesized`,
    `error: stack ${COMMITTER} has terminationProtection: false, and true is synthesized`,
  ]);
});

it('what the app says and nobody has deployed is found, also of what only CloudFormation knows', async () => {
  const file = join(assemblyDirectory, `${COMMITTER}.template.json`);
  const text = readFileSync(file, 'utf8');
  onTestFinished(() => writeFileSync(file, text));
  writeFileSync(
    file,
    text
      .replace(/"VisibilityTimeout": \d+/, '"VisibilityTimeout": 99')
      .replace(/"S3Key": "\w+.zip"/, '"S3Key": "another.zip"')
      .replace('"dynamodb:PutItem"', '"dynamodb:*"'),
  );
  const found = await findings();
  // A statement that is not there yet, and one that is there still.
  expect(found).toHaveLength(4);
  for (const what of [
    /Queues\/Queue has VisibilityTimeout: 6, and 99 is synthesized and not deployed yet$/,
    /Consumer\/Function has Code.S3Key: \w+.zip, and another.zip is synthesized and not deployed yet$/,
    /AWS::IAM::Policy .*\/DefaultPolicy has PolicyDocument.Statement\[\].*/,
  ])
    expect(found).toContainEqual(expect.stringMatching(what));
});

it('an assembly of another stage is refused', async () => {
  changeManifest(({ artifacts }) => {
    for (const { properties } of Object.values(artifacts)) {
      if (properties?.tags) properties.tags['fanfare:stage'] = 'prod';
    }
  });
  await expect(findings()).rejects.toThrow('is of app shop and stage prod, but stage dev is to be checked');
});

describe('what cannot be looked at', () => {
  const denied = () =>
    Promise.reject(
      new LambdaServiceException({
        name: 'AccessDeniedException',
        message: 'not authorized to perform: lambda:GetFunctionConfiguration',
        $fault: 'client',
        $metadata: {},
      }),
    );

  it('is one finding with its reason, and ends nothing', async () => {
    const { queueUrl } = consumerNamed(deployment, 'claimer');
    const found = await examine(
      { ...clients, lambda: denied },
      { stage: 'dev', place: { kind: 'local', ...local }, assemblyDirectory, knownTypes: ['test.Other.v1'] },
    );
    expect(queueUrl).toContain('Claimer');
    const unseen = found.findings.filter(({ severity }) => severity === 'could not look');
    expect(unseen).toHaveLength(1);
    expect(unseen[0]).toMatchObject({
      resource: expect.stringMatching(/AWS::Lambda::Function .*Claimer.*AWS::Lambda::EventSourceMapping/s),
      detail: expect.stringContaining('AccessDeniedException: not authorized'),
    });
    // The filters were looked at all the same.
    expect(found.findings.filter(({ severity }) => severity === 'error')).toHaveLength(2);
  });
});

it('what a consumer has lost is found', async () => {
  const { deadLetterQueueUrl, undeliveredQueueUrl } = consumerNamed(deployment, 'claimer');
  for (const QueueUrl of [deadLetterQueueUrl, undeliveredQueueUrl])
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }));
  const found = await findings();
  expect(found).toContainEqual(
    expect.stringMatching(/^error: undelivered queue of claimer SNS could not deliver 1/),
  );
  expect(found).toContainEqual(
    expect.stringMatching(/^warning: dead-letter queue of claimer holds 1 dead letter, which expires/),
  );
});

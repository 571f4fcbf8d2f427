import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetSubscriptionAttributesCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { consumerNamed, type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
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
const TEMPLATE = join(assemblyDirectory, 'Fanfare-dev-Committer.template.json');
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
  deployment = await readDeployment(clients, 'dev');
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** What the doctor finds, but that nobody listens to the alarms of this machine. */
async function findings(knownTypes = ['test.FaultRequested.v1']): Promise<readonly string[]> {
  const found = await examine(clients, deployment, { assemblyDirectory, knownTypes });
  return found
    .filter(({ resource }) => resource !== 'alarm topic')
    .map(({ severity, resource, detail }) => `${severity}: ${resource} ${detail}`);
}

it('a deployment that is as it was synthesized is well', async () => {
  expect(await findings()).toEqual([]);
});

it('a filter that only lets through what no contract knows is found', async () => {
  expect(await findings(['test.Other.v1'])).toEqual([
    expect.stringContaining('lets only test.FaultRequested.v1 through, which no contract knows'),
    expect.stringContaining('lets only test.FaultRequested.v1 through, which no contract knows'),
  ]);
});

it.each([
  ['http', 'http://127.0.0.1:9/copy'],
  ['sqs', 'arn:aws:sqs:us-east-1:444455556666:copy'],
])('a subscription that takes events elsewhere is found: %s %s', async (Protocol, Endpoint) => {
  const { SubscriptionArn } = await clients.sns.send(
    new SubscribeCommand({ TopicArn: deployment.topicArn, Protocol, Endpoint, ReturnSubscriptionArn: true }),
  );
  expect(await findings()).toEqual([
    `warning: topic of events delivers to ${Endpoint} (${Protocol}), which is no queue of this account`,
  ]);
  await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
});

it('an alarm that is not there is found, and a consumer that the app does not have', async () => {
  const template = readFileSync(TEMPLATE, 'utf8');
  rmSync(TEMPLATE);
  expect(await findings()).toEqual([expect.stringContaining('is deployed, and not in the app')]);
  writeFileSync(TEMPLATE, template);
  const unwatched = { ...consumerNamed(deployment, 'committer'), stackName: 'Fanfare-dev-Other' };
  const without: Deployment = { ...deployment, consumers: [unwatched] };
  const found = await examine(clients, without, {
    assemblyDirectory,
    knownTypes: ['test.FaultRequested.v1'],
  });
  expect(found.map(({ detail }) => detail)).toContain('is watched by no alarm');
});

it('what somebody has changed by hand is found', async () => {
  const { queueUrl, subscriptionArn, deadLetterQueueUrl, undeliveredQueueUrl } = consumerNamed(
    deployment,
    'claimer',
  );
  const set = (QueueUrl: string, Attributes: Record<string, string>): Promise<unknown> =>
    clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  await set(queueUrl, { RedrivePolicy: '', VisibilityTimeout: '1' });
  await set(deadLetterQueueUrl, { MessageRetentionPeriod: '60' });
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: undeliveredQueueUrl, MessageBody: 'lost' }));
  await clients.sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn: subscriptionArn,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'false',
    }),
  );
  const found = (await findings()).join('\n');
  for (const detail of [
    'has no redrive policy',
    'has a visibility timeout of 1, and 6 is synthesized',
    'has a dead-letter retention of 60',
    'SNS could not deliver 1 events',
    'does not deliver raw',
  ]) {
    expect(found).toContain(detail);
  }
  expect(found).not.toContain('committer');
});

it('a subscription that is gone is found', async () => {
  const { subscriptionArn } = consumerNamed(deployment, 'committer');
  await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscriptionArn }));
  expect(await findings()).toContainEqual(expect.stringContaining('subscription of committer is gone'));
});

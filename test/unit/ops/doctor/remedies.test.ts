import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { createOpsClients } from '../../../../lib/ops/clients.ts';
import { checkAlarms } from '../../../../lib/ops/doctor/check-alarms.ts';
import { checkConsumer } from '../../../../lib/ops/doctor/check-consumer.ts';
import { checkStacks } from '../../../../lib/ops/doctor/check-stacks.ts';
import { fanfareCommand } from '../../../../lib/ops/fanfare-command.ts';

const prod = {
  app: 'shop',
  stage: 'prod',
  place: { kind: 'aws', profile: 'shop', region: 'eu-west-1' },
} as const;
const PROD = '--app shop --stage prod --profile shop --region eu-west-1';
const local = {
  kind: 'local',
  awsEndpoint: 'http://127.0.0.1:1',
  dynamodbEndpoint: 'http://127.0.0.1:1',
} as const;
const stack = {
  stackName: 'shop-prod-Email',
  id: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Email/0a1b-2c3d',
  status: 'UPDATE_COMPLETE',
  tags: { 'fanfare:consumer': 'email' },
  outputs: { DeadLetterQueueUrl: 'https://sqs/dead', UndeliveredQueueUrl: 'https://sqs/undelivered' },
  parameters: {},
  terminationProtection: false,
};

it('a command names the deployment that it is about', () => {
  expect(fanfareCommand('status', prod)).toBe(`npx fanfare status ${PROD}`);
  expect(fanfareCommand('status', { stage: 'prod', place: { kind: 'aws' } })).toBe(
    'npx fanfare status --stage prod',
  );
  expect(fanfareCommand('status', { stage: 'dev', place: local })).toBe('npx fanfare status');
});

it('the remedies of the doctor act on the stage that it has looked at', async () => {
  const sqs = mockClient(SQSClient);
  mockClient(SNSClient);
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessagesDelayed: '1' } });
  const found = [
    ...checkAlarms([{ AlarmName: 'Late', StateValue: 'ALARM' }], prod),
    ...checkStacks([], [stack], prod),
    ...(await checkConsumer(createOpsClients(local), stack, { where: prod, knownTypes: [] })),
  ].filter(({ severity }) => severity !== 'could not look');
  expect(found.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('is on'),
    expect.stringContaining('not in the app'),
    'holds 1 dead letter, which expires 14 days after it was published',
    'SNS could not deliver 1 event to its queue',
  ]);
  for (const { remedy } of found) expect(remedy).toContain(PROD);
  expect(found.at(-1)?.remedy).toContain(`npx fanfare dlq redrive email --undelivered ${PROD}`);
});

it('a mapping of a queue that its stack does not have is found, also where it is the only one', async () => {
  mockClient(SQSClient)
    .on(GetQueueAttributesCommand)
    .resolves({ Attributes: { QueueArn: 'arn:queue' } });
  mockClient(SNSClient);
  const [own, foreign] = ['own', 'foreign'].map((UUID) => ({ UUID, FunctionArn: `arn:${UUID}` }));
  const mapped = mockClient(LambdaClient).on(ListEventSourceMappingsCommand);
  mockClient(CloudFormationClient)
    .on(ListStackResourcesCommand)
    .resolves({
      StackResourceSummaries: [
        {
          LogicalResourceId: 'Mapping',
          PhysicalResourceId: 'own',
          ResourceType: 'AWS::Lambda::EventSourceMapping',
          ResourceStatus: 'CREATE_COMPLETE',
          LastUpdatedTimestamp: new Date(0),
        },
      ],
    });
  const readers = async () => {
    const withQueue = { ...stack, outputs: { QueueUrl: 'https://sqs/queue' } };
    const found = await checkConsumer(createOpsClients(local), withQueue, { where: prod, knownTypes: [] });
    return found.filter(({ severity }) => severity === 'error').map(({ remedy }) => remedy);
  };
  mapped.resolves({ EventSourceMappings: own ? [own] : [] });
  expect(await readers()).toEqual([]);
  for (const EventSourceMappings of [[foreign], [own, foreign]]) {
    mapped.resolves({ EventSourceMappings: EventSourceMappings.flatMap((one) => one ?? []) });
    expect(await readers()).toEqual([expect.stringContaining('--uuid foreign')]);
  }
});

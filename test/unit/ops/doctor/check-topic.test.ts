import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { checkTopic } from '../../../../lib/ops/doctor/check-topic.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:events';
const FRAUD = '222222222222';
const ORGANIZATION = 'o-a1b2c3d4e5';

/** The severities of what is found when the topic has this one subscription, which is in no stack. */
async function severitiesOf(
  subscription: { readonly Protocol: string; readonly Endpoint: string },
  allowed: { readonly accounts?: readonly string[]; readonly organization?: string } = {},
): Promise<readonly string[]> {
  const sns = mockClient(SNSClient);
  sns
    .on(ListSubscriptionsByTopicCommand)
    .resolves({ Subscriptions: [{ ...subscription, SubscriptionArn: `${TOPIC}:1` }] });
  const findings = await checkTopic({ sns: new SNSClient({ region: 'eu-west-1' }) }, TOPIC, {
    known: new Set(),
    accounts: [],
    ...allowed,
  });
  return findings.map(({ severity }) => severity);
}

const queueOf = (account: string) => ({
  Protocol: 'sqs',
  Endpoint: `arn:aws:sqs:eu-west-1:${account}:work`,
});

it('finds a queue of another account, and only tells of it when the account may subscribe', async () => {
  expect(await severitiesOf(queueOf(FRAUD))).toEqual(['error']);
  expect(await severitiesOf(queueOf(FRAUD), { accounts: [FRAUD] })).toEqual(['info']);
  expect(await severitiesOf(queueOf('333333333333'), { accounts: [FRAUD] })).toEqual(['error']);
});

it('cannot see whether an account is of the organization, and says so', async () => {
  expect(await severitiesOf(queueOf(FRAUD), { organization: ORGANIZATION })).toEqual(['warning']);
});

it('finds what is no queue, whoever may subscribe', async () => {
  const page = { Protocol: 'https', Endpoint: `https://example.com/arn:aws:sqs:eu-west-1:${FRAUD}:work` };
  const allowed = { accounts: [FRAUD], organization: ORGANIZATION };
  expect(await severitiesOf(page, allowed)).toEqual(['error']);
});

it('finds a queue of its own account that is no queue of a consumer', async () => {
  expect(await severitiesOf(queueOf('111111111111'), { organization: ORGANIZATION })).toEqual(['warning']);
});

import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkOtherBuses } from '../../../../lib/ops/doctor/check-other-bus.ts';
import { checkParameters } from '../../../../lib/ops/doctor/check-parameters.ts';
import { checkTopic } from '../../../../lib/ops/doctor/check-topic.ts';
import type { ComparedStack } from '../../../../lib/ops/doctor/compared-stack.ts';
import type { DeployedStack } from '../../../../lib/ops/doctor/read-stacks.ts';

const sns = new SNSClient({ region: 'eu-west-1' });
const answers = mockClient(sns);
const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Topic';
const PARAMETER = '/fanfare/shop/dev/Bus/v1/topic-arn';

beforeEach(() => answers.reset());

const deployed = (account = '111111111111', parameters = {}): DeployedStack => ({
  stackName: 'fraud-dev-FraudCheck',
  id: `arn:aws:cloudformation:eu-west-1:${account}:stack/fraud-dev-FraudCheck/1`,
  status: 'UPDATE_COMPLETE',
  tags: { 'fanfare:app': 'fraud', 'fanfare:consumer': 'fraud-check', 'fanfare:bus': 'shop-dev-Bus' },
  outputs: { SubscriptionArn: `${TOPIC}:1` },
  parameters,
  terminationProtection: false,
});

describe('the values of a bus that a consumer was deployed with', () => {
  const template = {
    Parameters: {
      topicArn: { Type: 'AWS::SSM::Parameter::Value<String>', Default: PARAMETER },
      BootstrapVersion: {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: '/cdk-bootstrap/hnb659fds/version',
      },
    },
  };
  const stack: ComparedStack = {
    synthesized: {
      stackName: 'fraud-dev-FraudCheck',
      tags: {},
      terminationProtection: false,
      template,
      paths: new Map(),
    },
    template,
    deployedTemplate: template,
    deployed: deployed(undefined, { topicArn: TOPIC, BootstrapVersion: '21' }),
    resources: new Map(),
  };
  const check = (readParameter: (name: string) => Promise<string>) =>
    checkParameters({ readParameter }, new Map([['fraud-dev-FraudCheck', stack]]));

  it('are well when the bus says the same', async () => {
    expect(await check(async () => TOPIC)).toEqual([]);
  });

  it('are an error when the bus was replaced, with the remedy', async () => {
    expect(await check(async () => `${TOPIC}2`)).toEqual([
      {
        severity: 'error',
        resource: 'stack fraud-dev-FraudCheck',
        property: PARAMETER,
        detail: `was deployed with ${PARAMETER}: ${TOPIC}, and its bus says ${TOPIC}2 now: the bus was replaced`,
        remedy: expect.stringContaining('npx cdk deploy fraud-dev-FraudCheck'),
        synthesized: `${TOPIC}2`,
        deployed: TOPIC,
      },
    ]);
  });

  it('are an error when the bus is gone', async () => {
    const missing = Object.assign(new Error('none'), { name: 'ParameterNotFound' });
    expect(await check(() => Promise.reject(missing))).toMatchObject([
      { severity: 'error', detail: expect.stringContaining('there is no such parameter') },
    ]);
  });

  it('are not known without the permission to read them', async () => {
    const denied = Object.assign(new Error('not you'), { name: 'AccessDeniedException' });
    expect(await check(() => Promise.reject(denied))).toMatchObject([
      { severity: 'could not look', detail: expect.stringContaining('AccessDeniedException') },
    ]);
  });
});

describe('the bus of another app', () => {
  it('is there', async () => {
    answers.on(GetTopicAttributesCommand).resolves({ Attributes: { TopicArn: TOPIC } });
    expect(await checkOtherBuses({ sns }, [deployed()])).toEqual([]);
  });

  it('is gone when its topic is', async () => {
    answers
      .on(GetTopicAttributesCommand)
      .rejects(Object.assign(new Error('none'), { name: 'NotFoundException' }));
    expect(await checkOtherBuses({ sns }, [deployed()])).toMatchObject([
      {
        severity: 'error',
        resource: 'bus shop-dev-Bus',
        detail: expect.stringContaining('fraud-check gets no events'),
      },
    ]);
  });

  it('is only named when it is in another account, which nobody is asked', async () => {
    expect(await checkOtherBuses({ sns }, [deployed('222222222222')])).toMatchObject([
      { severity: 'info', detail: expect.stringContaining('is of account 111111111111') },
    ]);
    expect(answers.calls()).toEqual([]);
  });

  it('is not looked at when the bus is of the app itself', async () => {
    const bus = { ...deployed(), stackName: 'shop-dev-Bus', tags: { 'fanfare:role': 'bus' } };
    expect(await checkOtherBuses({ sns }, [deployed(), bus])).toEqual([]);
  });
});

describe('a queue of another account that is subscribed', () => {
  const ARN = `${TOPIC}:9`;
  const check = (...accounts: readonly string[]) => {
    const Endpoint = 'arn:aws:sqs:eu-west-1:222222222222:fraud-Queue';
    answers.on(ListSubscriptionsByTopicCommand).resolves({
      Subscriptions: [{ Protocol: 'sqs', Endpoint, SubscriptionArn: ARN }],
    });
    return checkTopic({ sns }, TOPIC, { known: new Set(), accounts });
  };

  it('is an error when the account may not subscribe', async () => {
    expect(await check('333333333333')).toMatchObject([
      { severity: 'error', detail: expect.stringContaining('the queue fraud-Queue of account 222222222222') },
    ]);
  });

  it('is told of with what it takes, when the account may subscribe', async () => {
    answers
      .on(GetSubscriptionAttributesCommand)
      .resolves({ Attributes: { FilterPolicy: JSON.stringify({ type: ['shop.OrderPlaced.v1'] }) } });
    expect(await check('222222222222')).toMatchObject([
      {
        severity: 'info',
        detail:
          'delivers to the queue fraud-Queue of account 222222222222, as its policy allows; it takes shop.OrderPlaced.v1',
      },
    ]);
  });

  it('is told of when what it takes cannot be read', async () => {
    answers.on(GetSubscriptionAttributesCommand).rejects(new Error('not you'));
    expect(await check('222222222222')).toMatchObject([
      { severity: 'info', detail: expect.stringContaining('what it takes cannot be read here') },
    ]);
  });
});

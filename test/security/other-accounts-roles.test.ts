import { describe, expect, it } from 'vitest';
import { OrderPlaced, StockReceived } from '../apps/orders/events/index.ts';
import { evaluate } from './policy/evaluate.ts';
import { ACCOUNT, REGION } from './policy/read-policies.ts';
import { administratorOf, busFor, consumerOf, decide, FRAUD, STRANGER, topicOf } from './two-accounts.ts';

const CHECKOUT = 'arn:aws:iam::555555555555:role/checkout';
const bus = busFor({
  allowAccounts: [FRAUD],
  allowPublishers: [{ through: 'api', principal: CHECKOUT, events: [OrderPlaced] }],
});
const fraudApp = consumerOf(bus);

describe('the role of a publisher over the API', () => {
  const role = bus.roleNamed('Bus', 'BusOtherAccountsPublisherRole');
  const path = (type: string) =>
    String(JSON.stringify(role.policies).match(/arn:aws:execute-api:[^"]*\/POST\/events\//)?.[0]) + type;
  const invoke = (resource: string) =>
    evaluate({
      identityPolicies: role.policies,
      request: { principal: { arn: role.arn }, action: 'execute-api:Invoke', resource },
    });
  const trust = bus.resourceOf('Bus', 'AWS::IAM::Role', 'BusOtherAccountsPublisherRole');
  const assume = (arn: string) =>
    decide({ who: { ...administratorOf(FRAUD), arn }, action: 'sts:AssumeRole', of: trust });

  it('is assumed by the principal that is listed, and by nobody else', () => {
    expect(assume(CHECKOUT)).toBe('allowed');
    expect(assume('arn:aws:iam::555555555555:role/other')).toBe('denied by default');
    expect(assume(`arn:aws:iam::${FRAUD}:role/checkout`)).toBe('denied by default');
    expect(assume(`arn:aws:iam::${ACCOUNT}:role/administrator`)).toBe('denied by default');
  });

  it('may post its events, and do nothing else', () => {
    expect(invoke(path(OrderPlaced.type))).toBe('allowed');
    expect(invoke(path(StockReceived.type))).toBe('denied by default');
    expect(invoke(path('').replace(/\/events\/$/, '/events'))).toBe('denied by default');
    expect(JSON.stringify(role.policies).match(/"Action":"[^"]*"/g)).toEqual([
      '"Action":"execute-api:Invoke"',
    ]);
  });
});

describe('the queues of a consumer in another account', () => {
  it.each(['ConsumerQueuesQueue', 'ConsumerTopicUndeliveredQueue'])(
    'take messages of the topic of the bus only: %s',
    (idBegins) => {
      const queue = fraudApp.resourceOf('Inventory', 'AWS::SQS::Queue', idBegins);
      const send = (topicArn: string) =>
        evaluate({
          resourcePolicies: queue.policies,
          request: {
            principal: { service: 'sns.amazonaws.com' },
            action: 'sqs:SendMessage',
            resource: queue.arn,
            context: { 'aws:SecureTransport': 'true', 'aws:SourceArn': topicArn },
          },
        });
      expect(queue.arn).toContain(`:${FRAUD}:`);
      expect(send(topicOf(bus).arn)).toBe('allowed');
      expect(send(topicOf(bus).arn.replace(ACCOUNT, STRANGER))).toBe('denied by default');
      expect(send(`arn:aws:sns:${REGION}:${FRAUD}:own`)).toBe('denied by default');
    },
  );
});

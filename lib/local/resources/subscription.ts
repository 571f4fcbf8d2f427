import {
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { CreateResource } from './resource.ts';

interface SubscriptionProperties {
  readonly TopicArn?: string;
  readonly Protocol?: string;
  readonly Endpoint?: string;
  readonly RawMessageDelivery?: boolean;
  readonly FilterPolicy?: object;
  readonly FilterPolicyScope?: string;
  readonly RedrivePolicy?: object;
}

/** Protocols that are not delivered here: a local test must not send mail to people or alert who is on call. */
const NOT_DELIVERED = new Set(['email', 'email-json', 'sms', 'application', 'http', 'https']);

/** Default values of SNS. An empty filter policy is no filter policy. */
const DEFAULTS = {
  RawMessageDelivery: 'false',
  FilterPolicyScope: 'MessageAttributes',
  FilterPolicy: '',
  RedrivePolicy: '',
} as const;

/** AWS::SNS::Subscription. Only SQS queues get messages. Subscriptions of mail addresses and web servers exist, and get nothing. */
export const createSubscription: CreateResource = async ({ properties }, machine) => {
  const { TopicArn = '', Protocol = '', Endpoint = '', ...rest }: SubscriptionProperties = properties;
  if (NOT_DELIVERED.has(Protocol)) {
    machine.note(`The topic ${TopicArn.split(':').at(-1)} sends nothing to ${Endpoint} (${Protocol}) here.`);
  } else if (Protocol !== 'sqs')
    throw new Error(`its protocol is ${Protocol}; the local runner delivers to SQS queues only`);
  const subscription = { TopicArn, Protocol, Endpoint, ...rest };
  const physicalId = await putSubscription(machine.sns, subscription);
  return { physicalId, attributes: { Arn: physicalId } };
};

async function putSubscription(sns: SNSClient, properties: SubscriptionProperties): Promise<string> {
  const { TopicArn = '', Protocol, Endpoint = '', ...rest } = properties;
  const attributes = attributesOf(rest);
  const existing = await findSubscription(sns, TopicArn, Endpoint);
  if (existing !== undefined) {
    for (const [AttributeName, AttributeValue] of Object.entries({ ...DEFAULTS, ...attributes })) {
      await sns.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn: existing, AttributeName, AttributeValue }),
      );
    }
    return existing;
  }
  const { SubscriptionArn = '' } = await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol,
      Endpoint,
      Attributes: attributes,
      ReturnSubscriptionArn: true,
    }),
  );
  return SubscriptionArn;
}

function attributesOf({
  RawMessageDelivery,
  FilterPolicy,
  FilterPolicyScope,
  RedrivePolicy,
}: SubscriptionProperties) {
  return {
    ...(RawMessageDelivery !== undefined && { RawMessageDelivery: String(RawMessageDelivery) }),
    ...(FilterPolicyScope !== undefined && { FilterPolicyScope }),
    ...(FilterPolicy !== undefined && { FilterPolicy: JSON.stringify(FilterPolicy) }),
    ...(RedrivePolicy !== undefined && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
  };
}

async function findSubscription(
  sns: SNSClient,
  TopicArn: string,
  endpoint: string,
): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
    const found = page.Subscriptions?.find(({ Endpoint }) => Endpoint === endpoint);
    if (found) return found.SubscriptionArn;
    NextToken = page.NextToken;
  } while (NextToken);
  return undefined;
}

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

/** Protocols of which nobody on this machine takes anything. */
const NOBODY_LISTENS = new Set(['email', 'email-json', 'sms', 'application']);

/** What SNS has when the template says nothing. An empty policy is none. */
const DEFAULTS = {
  RawMessageDelivery: 'false',
  FilterPolicyScope: 'MessageAttributes',
  FilterPolicy: '',
  RedrivePolicy: '',
} as const;

/** AWS::SNS::Subscription. Queues are subscribed; e-mail is left out. */
export const createSubscription: CreateResource = async ({ name, properties }, machine) => {
  const { TopicArn = '', Protocol = '', Endpoint = '', ...rest }: SubscriptionProperties = properties;
  if (NOBODY_LISTENS.has(Protocol)) {
    machine.note(`${Endpoint} is not told by ${Protocol} here of what ${TopicArn.split(':').at(-1)} says.`);
    const physicalId = `${TopicArn}:${name}`;
    return { physicalId, attributes: { Arn: physicalId } };
  }
  if (Protocol !== 'sqs')
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

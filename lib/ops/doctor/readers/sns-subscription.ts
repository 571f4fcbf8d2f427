import { GetSubscriptionAttributesCommand, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { type Properties, parseText, type ResourceReader, type Source } from './reader.ts';

/** Protocols that need no confirmation. */
const NEED_NO_CONFIRMATION = ['firehose', 'lambda', 'sqs'];

const DEFAULTS = {
  DeliveryPolicy: undefined,
  FilterPolicy: undefined,
  FilterPolicyScope: 'MessageAttributes',
  PendingConfirmation: false,
  RawMessageDelivery: false,
  RedrivePolicy: undefined,
};

/** AWS::SNS::Subscription */
export const snsSubscription: ResourceReader = {
  type: 'AWS::SNS::Subscription',
  defaults: () => DEFAULTS,
  uncompared: {},
  read: async (source, { physicalId, synthesized }) => {
    const confirmed = NEED_NO_CONFIRMATION.includes(String(synthesized.Protocol));
    const SubscriptionArn = confirmed ? physicalId : await findArn(source, synthesized);
    if (SubscriptionArn === undefined) return undefined;
    // SNS returns no attributes of a subscription that is not confirmed.
    if (!SubscriptionArn.startsWith('arn:'))
      return { ...DEFAULTS, ...synthesized, PendingConfirmation: true };
    const { Attributes = {} } = await source.sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn }),
    );
    const { FilterPolicyScope = 'MessageAttributes', RawMessageDelivery = 'false' } = Attributes;
    return {
      ...Attributes,
      ...(!confirmed && { PendingConfirmation: false }),
      FilterPolicyScope,
      RawMessageDelivery,
      DeliveryPolicy: parseText(Attributes.DeliveryPolicy),
      FilterPolicy: parseText(Attributes.FilterPolicy),
      RedrivePolicy: parseText(Attributes.RedrivePolicy),
    };
  },
};

/** Finds the ARN of a subscription. It gets one only when it is confirmed, and CloudFormation does not learn of that. */
async function findArn({ sns }: Pick<Source, 'sns'>, synthesized: Properties): Promise<string | undefined> {
  const { TopicArn, Protocol, Endpoint } = synthesized;
  const pages = paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: String(TopicArn) });
  for await (const { Subscriptions = [] } of pages) {
    const found = Subscriptions.find((one) => one.Protocol === Protocol && one.Endpoint === Endpoint);
    if (found) return found.SubscriptionArn;
  }
  return undefined;
}

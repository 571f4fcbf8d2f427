import { ArnFormat, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import { type AlarmReceivers, checkReceivers, type SlackChannel } from './alarm-receivers.ts';

export interface AlarmTopicProps {
  readonly key: Key;
  /** The receivers. @default - none */
  readonly receivers?: AlarmReceivers;
}

/**
 * Every alarm notifies this topic. Only alarms of this account and region may publish to it and use its key, so that another account's
 * alarm cannot make CloudWatch do so.
 *
 * CloudWatch can only publish to an encrypted topic whose key it may use; the AWS-managed key cannot allow it, and
 * the notification would be lost without an error.
 *
 * @throws TypeError when a receiver is no valid address, or another topic of the app tells the Slack channel already
 * @see https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  #channel: string | undefined;

  constructor(scope: Construct, id: string, { key, receivers = {} }: AlarmTopicProps) {
    super(scope, id);
    checkReceivers(receivers);
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
    const { account } = Stack.of(this);
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const conditions = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': alarms },
    };
    key.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key's policy, `*` is the key itself.
        resources: ['*'],
        conditions,
      }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions,
      }),
    );
    const { email, httpsUrl, slack } = receivers;
    if (email !== undefined) this.#subscribe('Email', SubscriptionProtocol.EMAIL, email);
    if (httpsUrl !== undefined) this.#subscribe('Https', SubscriptionProtocol.HTTPS, httpsUrl);
    if (slack !== undefined) this.#tellSlack(slack);
  }

  #subscribe(id: string, protocol: SubscriptionProtocol, endpoint: string): void {
    const subscription = new Subscription(this, id, { topic: this.topic, protocol, endpoint });
    acceptRules(subscription, 'SNSRedrivePolicy');
  }

  /** The channel can only read: its members can change nothing in the account from there. */
  #tellSlack({ workspaceId, channelId }: SlackChannel): void {
    this.#channel = `${workspaceId}/${channelId}`;
    this.#refuseSecondChannel(this.#channel);
    new SlackChannelConfiguration(this, 'Slack', {
      slackChannelConfigurationName: `${Stack.of(this).stackName}-alarms`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: [this.topic],
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
    });
  }

  /**
   * AWS takes one configuration of a channel in an account, so the stack of a second one could not be deployed.
   *
   * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1155
   */
  #refuseSecondChannel(channel: string): void {
    const isFirst = (one: IConstruct): one is AlarmTopic =>
      one instanceof AlarmTopic &&
      one !== this &&
      one.#channel === channel &&
      Stack.of(one).account === Stack.of(this).account;
    const first = this.node.root.node.findAll().find(isFirst);
    if (first)
      throw new TypeError(
        `the Slack channel ${channel} gets the alarms of ${Stack.of(first).stackName}, and AWS takes a channel once in an account; give ${Stack.of(this).stackName} another channel or none`,
      );
  }
}

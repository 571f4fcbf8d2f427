import { Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  AnyPrincipal,
  type Conditions,
  Effect,
  type IPrincipal,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { type ForeignReaders, ofOrganization, readersOf } from './foreign-readers.ts';

/**
 * The account of the one who asks. IAM fills it in, in the policies of resources too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const OF_PRINCIPAL = `\${aws:PrincipalAccount}`;

/**
 * Denies every subscription to a topic but those of a queue by its own account: by the account of the topic, and by the accounts that may
 * subscribe from outside. Nobody can subscribe the queue of somebody else, an address or a web server; not even an administrator.
 */
export function denyOtherSubscriptions(topic: Topic, { accounts, organizationId }: ForeignReaders): void {
  const deny = (sid: string, conditions: Conditions): void =>
    addSubscribeStatement(topic, Effect.DENY, { sid, principals: [new AnyPrincipal()], conditions });
  const own = Stack.of(topic).account;
  const othersThan = {
    ...(accounts.length > 0 && { 'aws:PrincipalAccount': accounts }),
    ...(organizationId !== undefined && { 'aws:PrincipalOrgID': organizationId }),
  };
  const isOpen = Object.keys(othersThan).length > 0;
  deny('OnlyToQueues', { StringNotEquals: { 'sns:Protocol': 'sqs' } });
  deny('OnlyToQueuesOfThisAccount', {
    StringNotLike: endpointIn(topic, own),
    ...(isOpen && { StringNotEquals: othersThan }),
  });
  if (!isOpen) return;
  // The account of the bus can be a part of the organization. Its own principals stay with its own queues.
  for (const id of [own, ...accounts]) {
    deny(id === own ? 'FromThisAccount' : `From${id}`, {
      StringEquals: { 'aws:PrincipalAccount': id },
      StringNotLike: endpointIn(topic, id),
    });
  }
  if (organizationId === undefined) return;
  const { StringEquals, StringNotEquals } = ofOrganization(topic, organizationId);
  deny('FromOrganization', {
    StringEquals,
    StringNotEquals,
    StringNotLike: endpointIn(topic, OF_PRINCIPAL),
  });
}

/**
 * Lets other accounts subscribe queues of their own. One statement for each account, so that none of them can subscribe the queue of another.
 * CloudFormation reads the attributes of the topic before it subscribes a queue, and fails without that permission; they hold no event.
 *
 * @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sns/blob/master/aws-sns-subscription/aws-sns-subscription.json
 */
export function allowSubscriptions(topic: Topic, readers: ForeignReaders): void {
  const { accounts, organizationId } = readers;
  const allow = (sid: string, principal: IPrincipal, conditions: Conditions): void =>
    addSubscribeStatement(topic, Effect.ALLOW, { sid, principals: [principal], conditions });
  const queuesOf = (account: string): Conditions => ({ StringLike: endpointIn(topic, account) });
  for (const id of accounts) {
    allow(`Subscribe${id}`, new AccountPrincipal(id), {
      StringEquals: { 'sns:Protocol': 'sqs' },
      ...queuesOf(id),
    });
  }
  if (organizationId !== undefined) {
    const { StringEquals, StringNotEquals } = ofOrganization(topic, organizationId);
    allow('SubscribeOrganization', new AnyPrincipal(), {
      StringEquals: { ...StringEquals, 'sns:Protocol': 'sqs' },
      StringNotEquals,
      ...queuesOf(OF_PRINCIPAL),
    });
  }
  for (const [index, { principals, conditions }] of readersOf(topic, readers).entries()) {
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: `AllowGetTopicAttributes${index}`,
        principals: [...principals],
        actions: ['sns:GetTopicAttributes'],
        resources: [topic.topicArn],
        conditions,
      }),
    );
  }
}

interface SubscribeStatement {
  readonly sid: string;
  readonly principals: IPrincipal[];
  readonly conditions: Conditions;
}

function addSubscribeStatement(topic: Topic, effect: Effect, statement: SubscribeStatement): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      ...statement,
      effect,
      actions: ['sns:Subscribe'],
      resources: [topic.topicArn],
    }),
  );
}

/** Endpoints that are queues of an account. */
function endpointIn(topic: Topic, account: string): Record<string, string> {
  return {
    'sns:Endpoint': Stack.of(topic).formatArn({ service: 'sqs', region: '*', account, resource: '*' }),
  };
}

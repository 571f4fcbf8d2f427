import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  type Conditions,
  type IPrincipal,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acceptRules } from '../../accepted-rules.ts';
import { partsOfPrincipal, type TopicPublisher } from './foreign-publisher.ts';

/**
 * The role that a publisher of another account assumes to call the HTTP API, whose policies cannot name other accounts. It may do nothing
 * else. Each publisher has a role of its own, so that the bus can tell them apart.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
 */
export class PublisherRole extends Role {
  constructor(scope: Construct, principal: string) {
    super(scope, `PublisherRole${idOf(principal)}`, {
      description: `Publishes events over the API of the bus, for ${principal}.`,
      assumedBy: new PrincipalWithConditions(accountOf(principal), conditionsOf(principal)),
    });
    acceptRules(this, 'IAMNoInlinePolicy');
  }
}

/** Lets a publisher of another account publish to the topic. It may use the key of the topic through SNS only. */
export function allowTopicPublisher(
  { topic, key }: { readonly topic: ITopic; readonly key: Key },
  { principal }: TopicPublisher,
): void {
  const statement = { principals: [accountOf(principal)], conditions: conditionsOf(principal) };
  topic.addToResourcePolicy(
    new PolicyStatement({
      ...statement,
      sid: `Publish${idOf(principal)}`,
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
    }),
  );
  const use = new PolicyStatement({
    ...statement,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    // In a key's policy, `*` is the key itself.
    resources: ['*'],
  });
  const { region } = Stack.of(key);
  use.addCondition('StringEquals', { 'kms:ViaService': `sns.${region}.amazonaws.com` });
  key.addToResourcePolicy(use);
}

/** Letters and digits that are unique for a principal: roles may have one name under two paths, or names that differ in punctuation only. */
function idOf(principal: string): string {
  const { account, role = '' } = partsOfPrincipal(principal);
  const hash = createHash('sha256').update(principal).digest('hex').slice(0, 8);
  return `${account}${role.replace(/[^A-Za-z0-9]/g, '')}${hash}`;
}

function accountOf(principal: string): IPrincipal {
  return new AccountPrincipal(partsOfPrincipal(principal).account);
}

/**
 * The policy names the account, and the role is a condition. IAM refuses a policy that names a role which does not exist yet, and a role that
 * is deleted and created again would not be the same.
 */
function conditionsOf(principal: string): Conditions {
  return partsOfPrincipal(principal).role === undefined ? {} : { ArnLike: { 'aws:PrincipalArn': principal } };
}

import { App } from 'aws-cdk-lib';
import { EventBus } from '../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import type { OtherAccountsProps } from '../../lib/constructs/bus/other-accounts/other-accounts.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { AlarmStack } from '../../lib/constructs/monitoring/alarm-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import type { ProducerDefinition } from '../../lib/contracts/producers/define-producer.ts';
import { entryOf } from '../apps/orders/app.ts';
import { inventory } from '../apps/orders/consumers.ts';
import { stacksOf, WITHOUT_BUNDLING } from '../cdk/synthesized.ts';
import { type Decision, evaluate } from './policy/evaluate.ts';
import type { Policy, Texts } from './policy/policy.ts';
import { ACCOUNT, type DeployedPolicies, readPolicies, type WithPolicies } from './policy/read-policies.ts';

/** The account of the consumer. */
export const FRAUD = '222222222222';
export const LOGISTICS = '333333333333';
export const STRANGER = '444455556666';
export const ORGANIZATION = 'o-a1b2c3d4e5';

/** A bus that other accounts may use, with a key of its own for large data. */
export function busFor(
  otherAccounts: OtherAccountsProps,
  producers: readonly ProducerDefinition[] = [],
): DeployedPolicies {
  const app = newApp('shop', { dataKey: 'own' });
  new EventBusStack(app, {
    settings: readSettings(app.node),
    publishEntry: entryOf('publish'),
    producers,
    ...otherAccounts,
  });
  return readPolicies(stacksOf(app));
}

/** The consumer inventory and its alarm topic in the account FRAUD, by the ARNs of a bus of ACCOUNT. */
export function consumerOf(bus: DeployedPolicies): DeployedPolicies {
  const app = newApp('fraud');
  const settings = readSettings(app.node);
  const { alarmTopic } = new AlarmStack(app, settings);
  const imported = EventBus.fromAttributes(app, 'Bus', {
    busName: 'shop-dev-Bus',
    topicArn: topicOf(bus).arn,
    topicKeyArn: topicKeyOf(bus).arn,
    dataBucketName: bucketOf(bus).arn.split(':').at(-1) ?? '',
    dataKeyArn: dataKeyOf(bus).arn,
  });
  new ConsumerStack(app, {
    definition: inventory,
    bus: imported,
    stage: settings.stage,
    alarmTopic,
    entry: entryOf('inventory'),
  });
  return readPolicies(stacksOf(app), FRAUD);
}

export const topicOf = (bus: DeployedPolicies) => bus.resourceOf('Bus', 'AWS::SNS::Topic', 'BusTopic');
export const bucketOf = (bus: DeployedPolicies) => bus.resourceOf('Bus', 'AWS::S3::Bucket', 'BusData');
export const topicKeyOf = (bus: DeployedPolicies) => bus.resourceOf('Bus', 'AWS::KMS::Key', 'BusKey');
export const dataKeyOf = (bus: DeployedPolicies) => bus.resourceOf('Bus', 'AWS::KMS::Key', 'BusDataKey');

/** Somebody of an account that IAM there lets do everything. */
export function administratorOf(account: string): WithPolicies {
  const everything: Policy = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
  return { arn: `arn:aws:iam::${account}:role/administrator`, policies: [everything] };
}

/** Somebody of an account that IAM there lets do nothing. */
export function nobodyOf(account: string): WithPolicies {
  return { arn: `arn:aws:iam::${account}:role/nobody`, policies: [] };
}

export interface Asked {
  readonly who: WithPolicies;
  readonly action: string;
  /** A resource of the account of the bus. */
  readonly of: WithPolicies;
  /** What follows the ARN of the resource, such as the key of an object. */
  readonly path?: string;
  readonly context?: Readonly<Record<string, Texts>>;
}

/** What AWS decides, over TLS unless the context says otherwise. */
export function decide({ who, action, of, path = '', context = {} }: Asked): Decision {
  return evaluate({
    identityPolicies: who.policies,
    resourcePolicies: of.policies,
    request: {
      principal: { arn: who.arn },
      action,
      resource: `${of.arn}${path}`,
      resourceAccount: ACCOUNT,
      context: { 'aws:SecureTransport': 'true', ...context },
    },
  });
}

function newApp(app: string, context: Readonly<Record<string, string>> = {}): App {
  return new App({ context: { app, ...context, ...WITHOUT_BUNDLING } });
}

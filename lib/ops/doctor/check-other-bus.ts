import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import { undefinedIfMissing } from '../problem.ts';
import { locationOf } from './attributes.ts';
import type { Finding } from './finding.ts';
import { look, mapInParallel } from './look.ts';
import type { DeployedStack } from './read-stacks.ts';

/** A consumer that listens to the bus of another app. */
interface Listening {
  readonly consumer: string;
  readonly stack: DeployedStack;
  /** Name of the stack of the bus, such as `shop-dev-Bus`. */
  readonly bus: string;
  /** Undefined when the stack of the consumer does not say it. */
  readonly topicArn: string | undefined;
}

/**
 * Checks that the buses of other apps, which consumers of this app listen to, are there. What a bus says of itself, its owner checks.
 *
 * @param own stacks of this app
 */
export async function checkOtherBuses(
  { sns }: Pick<OpsClients, 'sns'>,
  own: readonly DeployedStack[],
): Promise<readonly Finding[]> {
  const listening = own.flatMap((stack) => listeningOf(stack, own));
  return mapInParallel([...Map.groupBy(listening, ({ bus }) => bus)], ([bus, consumers]) =>
    look(`bus ${bus}`, () => checkBus({ sns }, bus, consumers)),
  );
}

function listeningOf(stack: DeployedStack, own: readonly DeployedStack[]): readonly Listening[] {
  const { 'fanfare:consumer': consumer, 'fanfare:bus': bus } = stack.tags;
  if (consumer === undefined || bus === undefined || own.some(({ stackName }) => stackName === bus))
    return [];
  // The ARN of a subscription is that of its topic, and an id.
  const topicArn = stack.outputs.SubscriptionArn?.replace(/:[^:]*$/, '');
  return [{ consumer, stack, bus, topicArn }];
}

async function checkBus(
  { sns }: Pick<OpsClients, 'sns'>,
  bus: string,
  consumers: readonly Listening[],
): Promise<readonly Finding[]> {
  const names = consumers.map(({ consumer }) => consumer).join(', ');
  const known = consumers.find(({ topicArn }) => topicArn !== undefined);
  if (known?.topicArn === undefined)
    throw new Error(`no stack of its consumers (${names}) has an output SubscriptionArn; deploy them again`);
  const { topicArn: TopicArn, stack } = known;
  const { account } = locationOf(TopicArn);
  if (account !== locationOf(stack.id).account) {
    return [
      {
        severity: 'info',
        resource: `bus ${bus}`,
        detail: `is of account ${account}, and ${names} listens to it; only that account can look at it`,
        remedy: 'nothing: the subscriptions of the consumers are compared here',
      },
    ];
  }
  if (await undefinedIfMissing(sns.send(new GetTopicAttributesCommand({ TopicArn })))) return [];
  return [
    {
      severity: 'error',
      resource: `bus ${bus}`,
      detail: `is gone: its topic ${TopicArn} does not exist, and ${names} gets no events`,
      remedy: 'ask its owner; when it is deployed again, deploy the stacks of these consumers again too',
    },
  ];
}

import { ListSubscriptionsByTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../apps/client.ts';
import { eventText, type Rig, type Running, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const publish = () =>
  rig.clients.sns.send(new PublishCommand({ TopicArn: rig.deployment.topicArn, Message: eventText('o-1') }));

async function leftBehind(): Promise<readonly (string | undefined)[]> {
  const { QueueUrls = [] } = await rig.clients.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: 'fanfare-tail-' }),
  );
  const { Subscriptions = [] } = await rig.clients.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: rig.deployment.topicArn }),
  );
  return [...QueueUrls, ...Subscriptions.map(({ Endpoint }) => Endpoint)];
}

it.each<[string, number, (tail: Running) => void]>([
  ['Ctrl-C', 0, (tail) => tail.kill('SIGINT')],
  ['SIGTERM', 143, (tail) => tail.kill('SIGTERM')],
  ['a closed terminal', 129, (tail) => tail.kill('SIGHUP')],
  ['an output that nobody reads any more', 141, (tail) => tail.closeOutput()],
])('a tail that ends by %s leaves no queue and no subscription behind', async (_, code, end) => {
  const tail = rig.begin(['tail', '--json']);
  await eventually('it has heard of something', async () => {
    await publish();
    return tail.output.stdout !== '';
  });
  expect(await leftBehind()).toHaveLength(2);
  end(tail);
  // Who reads no more is found out by the next event.
  await publish();
  expect(await tail.ended).toMatchObject({ code, stderr: '' });
  expect(await leftBehind()).toEqual([]);
});

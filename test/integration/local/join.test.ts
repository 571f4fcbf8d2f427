import { once } from 'node:events';
import { request } from 'node:http';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { joinBus } from '../../../lib/local/join/join-bus.ts';
import type { JoinBody } from '../../../lib/local/join/serve-join.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, idOf, newFolder, run, type Stack, stop, writeAssembly } from './assembly.ts';

const ACCOUNT = '222222222222';
/** Writes what it has got to the log, and takes half a second for it. */
const HANDLER = `exports.handler = async ({ Records }) => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const { body } of Records) console.log('handled ' + body);
};`;

const tagsOf = (app: string, more: Record<string, string> = {}) => ({
  'fanfare:app': app,
  'fanfare:deployment': `${app}-dev`,
  ...more,
});

const BUS: Stack = {
  name: 'shop-dev-Bus',
  tags: tagsOf('shop', { 'fanfare:role': 'bus' }),
  resources: {
    Topic: { Type: 'AWS::SNS::Topic' },
    Data: { Type: 'AWS::S3::Bucket' },
    TopicArn: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/fanfare/shop/dev/Bus/v1/topic-arn', Value: { Ref: 'Topic' } },
    },
  },
};

/** A consumer of another app. */
function guest(app: string, more: Readonly<Record<string, object>> = {}, topic: unknown = { Ref: 'Read' }) {
  const { resource, bundles } = functionOf(HANDLER);
  return writeAssembly({
    name: `${app}-dev-Check`,
    tags: tagsOf(app, { 'fanfare:bus': 'shop-dev-Bus', 'fanfare:consumer': 'check' }),
    parameters: {
      Read: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/fanfare/shop/dev/Bus/v1/topic-arn' },
    },
    bundles: { ...bundles },
    resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        },
      },
      Function: resource,
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' } },
      },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: topic,
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          RawMessageDelivery: true,
        },
      },
      ...more,
    },
  });
}

let local: LocalStack;
let said: string[] = [];
const left: (() => Promise<void>)[] = [];

beforeAll(async () => {
  local = await run(writeAssembly(BUS), { log: (line) => said.push(line) });
});

afterEach(async () => {
  for (const leave of left.splice(0)) await leave();
  said = [];
});

const address = () => ({
  deployment: 'shop-dev',
  processId: process.pid,
  awsEndpoint: local.awsEndpoint,
  token: local.joinToken,
});

async function join(assemblyDirectory: string, more: Partial<JoinBody> = {}) {
  const logged: string[] = [];
  const joined = await joinBus(
    address(),
    { assemblyDirectory, account: ACCOUNT, verbose: true, remove: true, ...more },
    (line) => logged.push(line),
  );
  left.push(() => joined.leave().then(() => joined.ended));
  return { ...joined, logged };
}

const queues = async (prefix: string) =>
  (await local.sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }))).QueueUrls ?? [];
const stackNames = () => local.stacks.map(({ name }) => name);

async function publish(body: string): Promise<void> {
  await local.sns.send(new PublishCommand({ TopicArn: idOf(local, 'Topic'), Message: body }));
}

describe('an app that joins', () => {
  it('finds the topic by the parameter of the bus, and handles what is published', async () => {
    const { name, logged } = await join(guest('fraud'));
    expect(name).toBe('fraud-dev');
    await publish('one');
    await eventually('it is handled', () => logged.some((line) => line.includes('handled one')));
    expect(stackNames()).toEqual(['shop-dev-Bus', 'fraud-dev-Check']);
    expect(said.join()).not.toContain('handled one');
  });

  it('finds the topic by its name on AWS too', async () => {
    const arn = 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Topic-a1B2c3D4e5F6';
    const { logged } = await join(guest('fraud', {}, arn));
    await publish('two');
    await eventually('it is handled', () => logged.some((line) => line.includes('handled two')));
  });

  it('says which names of AWS are others here, so that the doctor can compare', async () => {
    const arn = 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Topic-a1B2c3D4e5F6';
    await join(guest('fraud', {}, arn));
    expect(local.stacks.at(-1)?.parameters).toEqual({ [arn]: idOf(local, 'Topic') });
  });

  it('has queues of its own account', async () => {
    await join(guest('fraud'));
    const [QueueUrl = ''] = await queues('fraud-dev-');
    const { Attributes } = await local.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    expect(Attributes?.QueueArn).toMatch(new RegExp(`:${ACCOUNT}:fraud-dev-Check-Queue$`));
    expect(local.stacks.at(-1)?.id).toContain(`:${ACCOUNT}:`);
  });

  it('takes all that is its own with it when it was asked to', async () => {
    const joined = await join(guest('fraud'));
    expect(await queues('fraud-dev-')).toHaveLength(1);
    await joined.leave();
    await joined.ended;
    expect(await queues('fraud-dev-')).toEqual([]);
    expect(stackNames()).toEqual(['shop-dev-Bus']);
  });

  it('leaves its queue, and finds it again', async () => {
    const assembly = guest('fraud');
    const first = await join(assembly, { remove: false });
    await first.leave();
    await publish('three');
    const { logged } = await join(assembly);
    await eventually('it is handled', () => logged.some((line) => line.includes('handled three')));
  });

  it('finishes the batch that it works on before it leaves', async () => {
    const joined = await join(guest('fraud'), { remove: false });
    await publish('four');
    await eventually('it is being handled', async () => {
      const [QueueUrl = ''] = await queues('fraud-dev-');
      return local.depthOf(QueueUrl).inFlight === 1;
    });
    await joined.leave();
    const [QueueUrl = ''] = await queues('fraud-dev-');
    expect(local.depthOf(QueueUrl)).toMatchObject({ visible: 0, inFlight: 0 });
    expect(joined.logged.join()).toContain('handled four');
  });

  it('leaves when its connection breaks, as when it is killed', async () => {
    const joined = await join(guest('fraud'), { remove: false });
    joined.abandon();
    await eventually('it has left', () => said.some((line) => line.startsWith('fraud-dev has left')));
    const { logged } = await join(guest('fraud'));
    await publish('five');
    await eventually('it is handled', () => logged.some((line) => line.includes('handled five')));
  });

  it('is deployed again when its assembly has changed', async () => {
    const joined = await join(guest('fraud'));
    await joined.reload(guest('fraud', { More: { Type: 'AWS::SQS::Queue' } }));
    expect((await queues('fraud-dev-')).length).toBe(2);
    await expect(joined.reload(guest('fraud', { Odd: { Type: 'AWS::Odd::Thing' } }))).rejects.toThrow(
      /AWS::Odd::Thing/,
    );
    await publish('six');
    await eventually('it still works', () => joined.logged.some((line) => line.includes('handled six')));
  });
});

it('works beside another app with a consumer of the same name', async () => {
  const [fraud, audit] = [await join(guest('fraud')), await join(guest('audit'))];
  await publish('eight');
  for (const { logged } of [fraud, audit]) {
    await eventually('it is handled', () => logged.some((line) => line.includes('handled eight')));
  }
  await fraud.leave();
  await publish('nine');
  await eventually('the other goes on', () => audit.logged.some((line) => line.includes('handled nine')));
  expect(fraud.logged.join()).not.toContain('nine');
});

it('comes back although it has not quite left', async () => {
  const first = await join(guest('fraud'), { remove: false });
  await publish('ten');
  const leaving = first.leave();
  const { logged } = await join(guest('fraud'));
  await leaving;
  await publish('eleven');
  await eventually('it is handled', () => logged.some((line) => line.includes('handled eleven')));
  expect([...first.logged, ...logged].filter((line) => line.includes('handled ten'))).toHaveLength(1);
});

it('loses nothing when the bus is deployed again while it works, and when it is removed from a bus that goes on', async () => {
  const { logged, leave } = await join(guest('fraud'));
  const sent = Array.from({ length: 20 }, (_, index) => `event ${index}.`);
  for (const body of sent.slice(0, 10)) await publish(body);
  await local.reload(
    writeAssembly({ ...BUS, resources: { ...BUS.resources, More: { Type: 'AWS::SQS::Queue' } } }),
  );
  for (const body of sent.slice(10)) await publish(body);
  const handled = () => sent.filter((body) => logged.some((line) => line.includes(`handled ${body}`)));
  await eventually('all are handled', () => handled().length === sent.length);
  await leave();
  await publish('without it');
  expect(stackNames()).toEqual(['shop-dev-Bus']);
});

it('does not work any more when it leaves while it is being deployed again', async () => {
  const joined = await join(guest('fraud'), { remove: false });
  const reloading = joined
    .reload(guest('fraud', { More: { Type: 'AWS::SQS::Queue' } }))
    .catch(() => undefined);
  await joined.leave();
  await reloading;
  const [QueueUrl = ''] = (await queues('fraud-dev-')).filter((url) => url.endsWith('-Queue'));
  await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'twelve' }));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(local.depthOf(QueueUrl)).toMatchObject({ visible: 1, inFlight: 0 });
  await join(guest('fraud', { More: { Type: 'AWS::SQS::Queue' } }));
});

describe('an app cannot join', () => {
  it('twice at the same time', async () => {
    await join(guest('fraud'));
    await expect(join(guest('fraud'))).rejects.toThrow('fraud-dev has joined already; stop it there first');
  });

  it('its own bus', async () => {
    await expect(join(guest('shop'))).rejects.toThrow(/shop-dev is the app of the bus/);
  });

  it('with a bus of its own', async () => {
    const other = writeAssembly({
      ...BUS,
      name: 'ledger-dev-Bus',
      tags: tagsOf('ledger', { 'fanfare:role': 'bus' }),
    });
    await expect(join(other)).rejects.toThrow(/it has a bus of its own/);
  });

  it('without a stack of Fanfare', async () => {
    await expect(join(writeAssembly({ resources: {} }))).rejects.toThrow(/has no stack of Fanfare/);
  });

  it('when a template has something unknown; then nothing of it works', async () => {
    await expect(
      join(guest('fraud', { Odd: { Type: 'AWS::Odd::Thing' } }), { remove: false }),
    ).rejects.toThrow(/AWS::Odd::Thing/);
    const [QueueUrl = ''] = await queues('fraud-dev-');
    await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'seven' }));
    await local.reload(writeAssembly(BUS));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(local.depthOf(QueueUrl)).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('when a template has something unknown; and takes with it what was created so far', async () => {
    await expect(join(guest('odd', { Odd: { Type: 'AWS::Odd::Thing' } }))).rejects.toThrow(/AWS::Odd::Thing/);
    expect(await queues('odd-dev-')).toEqual([]);
  });

  it('a bus whose parameter nobody has written', async () => {
    const assembly = writeAssembly({
      name: 'fraud-dev-Check',
      tags: tagsOf('fraud'),
      parameters: { Read: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/fanfare/other/dev/x' } },
      resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Read' } } } },
    });
    await expect(join(assembly)).rejects.toThrow(
      /no bus on this machine has written the parameter \/fanfare\/other\/dev\/x/,
    );
  });

  it.each(['POST /_fanfare/join', 'PUT /_fanfare/join/fraud-dev', 'DELETE /_fanfare/join/fraud-dev'])(
    'without the token: %s',
    async (route) => {
      const [method, path] = route.split(' ');
      for (const authorization of ['', 'Bearer x', `Bearer ${local.joinToken}x`]) {
        const asked = request(`${local.awsEndpoint}${path}`, { method, headers: { authorization } });
        asked.end();
        const [response] = await once(asked, 'response');
        expect(response.statusCode).toBe(403);
        response.resume();
      }
    },
  );
});

it('is known to the bus after a restart, although it is away, with the addresses of now', async () => {
  const dataDirectory = newFolder();
  const first = await run(writeAssembly(BUS), { dataDirectory });
  const bus = { ...address(), awsEndpoint: first.awsEndpoint, token: first.joinToken };
  const body = { assemblyDirectory: guest('fraud'), account: ACCOUNT, verbose: false, remove: false };
  await joinBus(bus, body, () => undefined);
  await stop(first);
  const second = await run(writeAssembly(BUS), { dataDirectory });
  const kept = second.stacks.find(({ name }) => name === 'fraud-dev-Check');
  expect(kept).toMatchObject({ tags: { 'fanfare:app': 'fraud' }, id: expect.stringContaining(ACCOUNT) });
  const queue = kept?.resources.find(({ type }) => type === 'AWS::SQS::Queue')?.physicalId ?? '';
  expect(queue).toContain(second.awsEndpoint);
  expect(second.depthOf(queue)).toMatchObject({ visible: 0 });
  await stop(second);
});

it('is told when the bus stops', async () => {
  const other = await run(writeAssembly(BUS));
  const bus = { ...address(), awsEndpoint: other.awsEndpoint, token: other.joinToken };
  const body = { assemblyDirectory: guest('fraud'), account: ACCOUNT, verbose: false, remove: false };
  const joined = await joinBus(bus, body, () => undefined);
  await stop(other);
  await joined.ended;
  await joined.leave();
});

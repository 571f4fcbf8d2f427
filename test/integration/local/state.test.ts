import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSubscriptionAttributesCommand, PublishCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { idOf, newFolder, run, stop, writeAssembly } from './assembly.ts';

/** What a second start of the same stack finds; properties may differ. */
function shop({ queue = {}, subscription = {}, table = {}, more = {} } = {}): string {
  return writeAssembly({
    resources: {
      Topic: { Type: 'AWS::SNS::Topic' },
      Queue: { Type: 'AWS::SQS::Queue', Properties: queue },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          ...subscription,
        },
      },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          ...table,
        },
      },
      ...more,
    },
  });
}

const receive = async (local: LocalStack, VisibilityTimeout = 30) => {
  const { Messages = [] } = await local.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: idOf(local, 'Queue'),
      VisibilityTimeout,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
};
const send = (local: LocalStack, MessageBody: string) =>
  local.sqs.send(new SendMessageCommand({ QueueUrl: idOf(local, 'Queue'), MessageBody }));

describe('with a data directory', () => {
  it('a restart finds what was there, on other ports too', async () => {
    const dataDirectory = newFolder();
    const assembly = shop({ subscription: { RawMessageDelivery: true } });
    const first = await run(assembly, { dataDirectory });
    await send(first, 'kept');
    const Item = { id: { S: 'a' } };
    await first.dynamodb.send(new PutItemCommand({ TableName: idOf(first, 'Table'), Item }));
    await stop(first);
    const second = await run(assembly, { dataDirectory });
    expect((await receive(second)).map(({ Body }) => Body)).toEqual(['kept']);
    const { Items } = await second.dynamodb.send(new ScanCommand({ TableName: idOf(second, 'Table') }));
    expect(Items).toEqual([Item]);
    await second.sns.send(new PublishCommand({ TopicArn: idOf(second, 'Topic'), Message: 'once' }));
    expect([await receive(second), await receive(second)]).toMatchObject([[{ Body: 'once' }], []]);
    await stop(second);
  });

  it('a message that is made visible at once is there again, with its receive count, also after a restart', async () => {
    const dataDirectory = newFolder();
    const assembly = shop();
    const first = await run(assembly, { dataDirectory });
    await send(first, 'again');
    const [{ ReceiptHandle } = {}] = await receive(first);
    const QueueUrl = idOf(first, 'Queue');
    await first.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
    );
    expect(await receive(first, 0)).toMatchObject([{ Attributes: { ApproximateReceiveCount: '2' } }]);
    await stop(first);
    const second = await run(assembly, { dataDirectory });
    expect(await receive(second)).toMatchObject([
      { Body: 'again', Attributes: { ApproximateReceiveCount: '3' } },
    ]);
    await stop(second);
  });

  it('a restart changes what the template has changed, and sets back what it no longer says', async () => {
    const dataDirectory = newFolder();
    const before = {
      queue: { VisibilityTimeout: 60, DelaySeconds: 5 },
      subscription: { RawMessageDelivery: true, FilterPolicy: { type: ['order'] } },
    };
    await stop(await run(shop(before), { dataDirectory }));
    const after = {
      queue: { VisibilityTimeout: 90 },
      table: { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } },
    };
    const local = await run(shop(after), { dataDirectory });
    const { Attributes: ofQueue } = await local.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: idOf(local, 'Queue'), AttributeNames: ['All'] }),
    );
    expect(ofQueue).toMatchObject({ VisibilityTimeout: '90', DelaySeconds: '0' });
    const { TimeToLiveDescription } = await local.dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName: idOf(local, 'Table') }),
    );
    expect(TimeToLiveDescription?.AttributeName).toBe('expiresAt');
    await local.sns.send(new PublishCommand({ TopicArn: idOf(local, 'Topic'), Message: 'to everyone' }));
    const [{ Body = '' } = {}] = await receive(local);
    expect(JSON.parse(Body)).toMatchObject({ Type: 'Notification', Message: 'to everyone' });
    const { Attributes: ofSubscription } = await local.sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn: idOf(local, 'Subscription') }),
    );
    expect(ofSubscription).toMatchObject({ RawMessageDelivery: 'false' });
    await stop(local);
  });

  it('a table with other keys than the template is refused', async () => {
    const dataDirectory = newFolder();
    await stop(await run(shop(), { dataDirectory }));
    const table = {
      KeySchema: [{ AttributeName: 'sku', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'sku', AttributeType: 'S' }],
    };
    await expect(run(shop({ table }), { dataDirectory })).rejects.toThrow(
      'AWS::DynamoDB::Table Table of stack Shop: the table exists with the keys id S HASH, but the template has sku S HASH; start with another data directory',
    );
  });

  it('is refused when the stacks have another region: their queues would be new and empty', async () => {
    const dataDirectory = newFolder();
    const first = await run(shop(), { dataDirectory });
    await send(first, 'waits');
    await stop(first);
    const elsewhere = writeAssembly({ region: 'eu-central-1', resources: {} });
    await expect(run(elsewhere, { dataDirectory })).rejects.toThrow(
      /is of us-east-1, and the app is of eu-central-1 now/,
    );
    const again = await run(shop(), { dataDirectory });
    expect((await receive(again)).map(({ Body }) => Body)).toEqual(['waits']);
    await stop(again);
  });

  it('mail is kept, newest first', async () => {
    const dataDirectory = newFolder();
    const first = await run(shop(), { dataDirectory });
    for (const Data of ['one', 'two']) {
      const response = await fetch(`${first.awsEndpoint}/v2/email/outbound-emails`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          FromEmailAddress: 'shop@example.com',
          Destination: { ToAddresses: ['ada@example.com'], CcAddresses: ['bob@example.com'] },
          Content: { Simple: { Subject: { Data }, Body: { Text: { Data: 'text' } } } },
        }),
      });
      expect(await response.json()).toEqual({ MessageId: expect.any(String) });
    }
    await stop(first);
    const second = await run(shop(), { dataDirectory });
    const listed = await (await fetch(`${second.awsEndpoint}/_fanfare/mail`)).json();
    expect(listed).toEqual(second.mail());
    expect(listed).toMatchObject([
      { subject: 'two', from: 'shop@example.com', to: ['ada@example.com', 'bob@example.com'], text: 'text' },
      { subject: 'one' },
    ]);
    expect(
      readFileSync(join(dataDirectory, 'mail', 'mail.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(2);
    await stop(second);
  });
});

it('creates buckets, and tables with their indexes', async () => {
  const local = await run(
    shop({
      table: {
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'customer', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byCustomer',
            KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
      more: { Archive: { Type: 'AWS::S3::Bucket' } },
    }),
  );
  const { Table } = await local.dynamodb.send(new DescribeTableCommand({ TableName: idOf(local, 'Table') }));
  expect(Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byCustomer' }]);
  expect((await fetch(`${local.awsEndpoint}/${idOf(local, 'Archive')}`, { method: 'HEAD' })).status).toBe(
    200,
  );
  expect((await fetch(`${local.awsEndpoint}/no-such-bucket`, { method: 'HEAD' })).status).toBe(404);
});

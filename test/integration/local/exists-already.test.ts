import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, idOf, writeAssembly } from './assembly.ts';
import { AGAIN, twiceBy } from './exists-already.ts';

describe.each(AGAIN)('%s finds', (_, again) => {
  const twice = twiceBy(again);

  it('a bucket with its objects', async () => {
    const bucket = { Bucket: { Type: 'AWS::S3::Bucket' } };
    const url = (local: LocalStack) => `${local.awsEndpoint}/${idOf(local, 'Bucket')}/kept`;
    const local = await twice(bucket, bucket, (first) => fetch(url(first), { method: 'PUT', body: 'x' }));
    expect(await (await fetch(url(local))).text()).toBe('x');
  });

  it('an alarm, and holds it against the new threshold', async () => {
    const alarm = (Threshold: number) => ({
      Queue: { Type: 'AWS::SQS::Queue' },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold,
        },
      },
    });
    const local = await twice(alarm(5), alarm(0), (first) =>
      first.sqs.send(new SendMessageCommand({ QueueUrl: idOf(first, 'Queue'), MessageBody: 'x' })),
    );
    local.alarms.evaluate();
    expect(local.alarms.alarms).toMatchObject([{ name: 'Shop-Alarm', state: 'ALARM' }]);
  });

  it('a key and its alias under the names that they had', async () => {
    const keys = {
      Key: { Type: 'AWS::KMS::Key' },
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/shop' } },
    };
    const before: string[] = [];
    const ids = (local: LocalStack) => ['Key', 'Alias'].map((id) => idOf(local, id));
    const local = await twice(keys, keys, async (first) => before.push(...ids(first)));
    expect(ids(local)).toEqual(before);
  });

  it('a function and its mapping, which hands it what was waiting in another queue from now on', async () => {
    const lines: string[] = [];
    const shop = (name: string, source: string) => {
      const worker = functionOf(
        `exports.handler = async ({ Records }) => {
          for (const { body } of Records) console.log('DONE', body, '${name}', process.env.COLOR);
        }`,
        { Environment: { Variables: { COLOR: name === 'v1' ? 'red' : 'blue' } } },
      );
      const Properties = {
        EventSourceArn: { 'Fn::GetAtt': [source, 'Arn'] },
        FunctionName: { Ref: 'Worker' },
      };
      return writeAssembly({
        resources: {
          First: { Type: 'AWS::SQS::Queue' },
          Second: { Type: 'AWS::SQS::Queue' },
          Worker: worker.resource,
          Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties },
        },
        bundles: { ...worker.bundles },
      });
    };
    const local = await again(
      [shop('v1', 'First'), shop('v2', 'Second')],
      (first) =>
        first.sqs.send(new SendMessageCommand({ QueueUrl: idOf(first, 'Second'), MessageBody: 'x' })),
      (line) => lines.push(line),
    );
    await eventually('it is done', () => lines.some((line) => line.includes('DONE x v2 blue')), 5_000);
    await eventually('it is deleted', () => local.depthOf(idOf(local, 'Second')).inFlight === 0);
  });

  it('an API, and takes a route to where the template leads it, also under another id', async () => {
    const api = (routeId: string, name: string) => {
      const worker = functionOf(`exports.handler = async () => '${name}'`);
      const IntegrationUri = { 'Fn::GetAtt': [name, 'Arn'] };
      const Target = { 'Fn::Join': ['/', ['integrations', { Ref: `To${name}` }]] };
      return writeAssembly({
        resources: {
          Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
          [name]: worker.resource,
          [`To${name}`]: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { IntegrationUri } },
          [routeId]: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: 'GET /who', Target } },
        },
        bundles: { ...worker.bundles },
      });
    };
    const who = async (local: LocalStack) => (await fetch(`${local.apiUrl}/who`)).text();
    const local = await again([api('Route', 'Old'), api('OtherRoute', 'New')], async (first) =>
      expect(await who(first)).toBe('Old'),
    );
    expect(await who(local)).toBe('New');
  });
});

import { expect, it } from 'vitest';
import { localNames } from '../../../lib/local/join/names-of-aws.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:shop-dev-Bus-BusTopic7822576E';
const FIFO = 'arn:aws:sns:us-east-1:000000000000:shop-dev-Ledger-BusTopic7822576E.fifo';
const BUCKET = 'shop-dev-bus-busdataf68925dc';
const translate = localNames([
  { type: 'AWS::SNS::Topic', physicalId: TOPIC },
  { type: 'AWS::SNS::Topic', physicalId: FIFO },
  { type: 'AWS::S3::Bucket', physicalId: BUCKET },
  { type: 'AWS::KMS::Key', physicalId: 'shop-dev-Bus-Key' },
]);

it.each([
  ['a topic', 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-BusTopic7822576E-p4x0Jc2kZ9aQ', TOPIC],
  ['a topic in China', 'arn:aws-cn:sns:cn-north-1:111111111111:shop-dev-Bus-BusTopic7822576E-p4x0', TOPIC],
  ['its name here', TOPIC, TOPIC],
  ['a FIFO topic', 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Ledger-BusTopic7822576E-p4x0.fifo', FIFO],
  ['a bucket', 'shop-dev-bus-busdataf68925dc-k2m9x0q1w8ez', BUCKET],
])('translates %s', (_, text, local) => {
  expect(translate(text)).toBe(local);
});

it.each([
  ['another topic', 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-AlarmsTopic1373BDD4-p4x0'],
  [
    'a topic whose name only ends so',
    'arn:aws:sns:eu-west-1:111111111111:my-shop-dev-Bus-BusTopic7822576E-p4',
  ],
  ['a topic whose name goes on', 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-BusTopic7822576E-p4-x0'],
  [
    'a FIFO topic with the name of a standard one',
    'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-BusTopic7822576E-p4.fifo',
  ],
  ['a queue', 'arn:aws:sqs:eu-west-1:111111111111:shop-dev-Bus-BusTopic7822576E-p4x0'],
  ['another bucket', 'my-shop-dev-bus-busdataf68925dc-k2m9'],
  ['a text with it inside', 'see shop-dev-bus-busdataf68925dc-k2m9'],
])('leaves %s as it is', (_, text) => {
  expect(translate(text)).toBe(text);
});

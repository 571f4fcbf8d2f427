import { App } from 'aws-cdk-lib';
import { ConsumerStack, EventBus, readSettings } from 'fanfare/constructs';
import { fraudCheck } from '../lambdas/fraud-check/consumer.ts';

/** What `npx fanfare bus --json` has printed in the shop's account. */
const SHOP = {
  busName: 'shop-dev-Bus',
  topicArn: 'arn:aws:sns:us-east-1:111111111111:shop-dev-Bus-BusTopic7822576E-p4x0Jc2kZ9aQ',
  topicKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/2d3f0d2c-6a1e-4b6e-9a55-0c0f6f8a7a11',
  dataBucketName: 'shop-dev-bus-busdataf68925dc-k2m9x0q1w8ez',
};

const app = new App();
const { stage } = readSettings(app.node);
const alarmTopicArn = 'arn:aws:sns:us-east-1:222222222222:fraud-alarms';
const bus = EventBus.fromAttributes(app, 'Shop', { ...SHOP, alarmTopicArn });
new ConsumerStack(app, { definition: fraudCheck, bus, stage });
app.synth();

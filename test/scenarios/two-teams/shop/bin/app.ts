import { App } from 'aws-cdk-lib';
import { ConsumerStack, EventBusStack, MonitoringStack, readSettings } from 'fanfare/constructs';
import * as events from '../events/index.ts';
import { support } from '../lambdas/support/consumer.ts';

const app = new App();
const settings = readSettings(app.node);
const { stage } = settings;
const { bus } = new EventBusStack(app, { settings, events: Object.values(events) });
new ConsumerStack(app, { definition: support, bus, stage });
new MonitoringStack(app, { stage, bus });
app.synth();

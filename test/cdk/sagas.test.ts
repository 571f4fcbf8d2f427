import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';
import { shipping } from '../apps/orders/consumers.ts';
import { orders } from '../unit/saga/orders.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const entry = 'test/apps/orders/analytics.ts';

function templateOf(definition: ConsumerDefinition): Template {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings });
  return Template.fromStack(new ConsumerStack(app, { definition, bus, stage: settings.stage, entry }));
}

describe('the stack of a saga', () => {
  const template = templateOf(orders);

  it('has a table from which sagas that have ended are removed, and says which one it is', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    template.hasOutput('SagaTable', { Value: { Ref: Match.stringLikeRegexp('^ConsumerSagasTable') } });
  });

  it('lets its function read the table and send events for later', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          TABLE_SAGAS: { Ref: Match.stringLikeRegexp('^ConsumerSagasTable') },
          LATER_QUEUE_URL: Match.anyValue(),
        }),
      },
    });
  });
});

describe('Lambda takes a chain of events for a mistake after 16 rounds', () => {
  const loopOf = (definition: ConsumerDefinition) =>
    Object.values(templateOf(definition).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.RecursiveLoop,
    );
  const [event] = shipping.listensTo;
  if (!event) throw new Error('it listens to nothing');
  const chain = { ...shipping, listensTo: [event], emits: [event], emitsLater: true };

  it('but not that of a saga, whose steps may go round as often as they like', () => {
    expect(loopOf(orders)).toEqual(['Allow']);
  });

  it('nor that of a consumer that listens to what it emits for later', () => {
    expect(loopOf(chain)).toEqual(['Allow']);
  });

  it.each([
    ['that emits its own event at once', { ...chain, emitsLater: false }],
    ['that emits only other events for later', { ...chain, emits: orders.emits }],
  ])('but that of a consumer %s', (_, definition) => {
    expect(loopOf(definition)).toEqual([undefined]);
  });
});

describe('the stack of another consumer', () => {
  it('has no such output, and a time to live where its definition says so', () => {
    const sessions = { partitionKey: 'id', timeToLiveAttribute: 'gone' };
    const template = templateOf({ ...shipping, tables: { sessions, all: { partitionKey: 'id' } } });
    expect(template.findOutputs('SagaTable')).toEqual({});
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      TimeToLiveSpecification: { AttributeName: 'gone', Enabled: true },
    });
    const tables = Object.entries(template.findResources('AWS::DynamoDB::Table'));
    const all = tables.find(([name]) => name.startsWith('ConsumerAllTable'))?.[1];
    expect(all?.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });
});

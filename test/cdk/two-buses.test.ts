import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { consumersOf } from '../../lib/constructs/bus/consumers-of.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-two-buses-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const defineFact = (type: string) =>
  defineEvent({ type, version: 1, description: 'A fact.', data: z.object({}) });
const [Placed, Moved] = [defineFact('shop.Placed'), defineFact('ledger.Moved')];

describe('two buses in one app', () => {
  const app = new App({ outdir, context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const shop = new EventBusStack(app, { settings, events: [Placed] });
  const ledger = new EventBusStack(app, { settings, name: 'Ledger', fifo: true, events: [Moved] });
  const listen = (name: string, event: typeof Placed, { bus }: EventBusStack) =>
    new ConsumerStack(app, {
      definition: defineConsumer({ name, description: 'Takes it.', listensTo: [event] }),
      bus,
      stage,
      entry: 'test/apps/orders/analytics.ts',
    });
  const orders = listen('orders', Placed, shop);
  const balances = listen('balances', Moved, ledger);
  app.synth();

  it('have stacks of their own, one of them FIFO', () => {
    expect([shop.stackName, ledger.stackName]).toEqual(['shop-dev-Bus', 'shop-dev-Ledger']);
    Template.fromStack(shop).hasResourceProperties('AWS::SNS::Topic', { FifoTopic: Match.absent() });
    Template.fromStack(ledger).hasResourceProperties('AWS::SNS::Topic', { FifoTopic: true });
  });

  it.each([
    ['orders', orders, 'Bus', undefined],
    ['balances', balances, 'Ledger', true],
  ])('the consumer %s listens to its own alone, with queues of its kind', (_, stack, bus, FifoQueue) => {
    const template = Template.fromStack(stack);
    const read = [...JSON.stringify(template.toJSON()).matchAll(/"\/fanfare\/shop\/dev\/([^/]+)\//g)];
    expect(new Set(read.map(([, name]) => name))).toEqual(new Set([bus]));
    for (const { Properties } of Object.values(template.findResources('AWS::SQS::Queue'))) {
      expect(Properties.FifoQueue).toBe(FifoQueue);
    }
  });

  it('have documents of their own', () => {
    const typesOf = (file: string) =>
      Object.keys(JSON.parse(readFileSync(join(outdir, file), 'utf8')).components.messages);
    expect(typesOf('asyncapi.json')).toEqual(['shop.Placed.v1']);
    expect(typesOf('shop-dev-Ledger.asyncapi.json')).toEqual(['ledger.Moved.v1']);
  });

  it('have consumers that are counted by bus', () => {
    expect(consumersOf(shop.bus)).toEqual([orders.consumer]);
    expect(consumersOf(ledger.bus)).toEqual([balances.consumer]);
  });
});

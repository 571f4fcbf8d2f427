import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import {
  type EventBridgeEvent,
  readEventBridgeEvent,
} from '../../../lib/publishing/event-bridge/event-bridge-event.ts';
import { createMappings, type EventBridgeMapping } from '../../../lib/publishing/event-bridge/mapping.ts';
import { toEnvelope } from '../../../lib/publishing/event-bridge/to-envelope.ts';

const contract = defineEvent({
  type: 'payments.PaymentReceived',
  version: 1,
  description: 'A customer has paid.',
  data: z.object({ orderId: z.string() }),
});
const internal = defineEvent({
  type: 'payments.PaymentBooked',
  version: 1,
  description: 'A payment is booked.',
  data: z.object({ orderId: z.string() }),
  internal: true,
});
const mapping: EventBridgeMapping<typeof contract> = {
  source: 'com.example.payments',
  detailType: 'Payment Received',
  contract,
};
const event: EventBridgeEvent = {
  id: 'e1',
  source: 'com.example.payments',
  'detail-type': 'Payment Received',
  time: '2026-07-01T12:00:00Z',
  account: '111122223333',
  region: 'eu-west-1',
  resources: [],
  detail: { orderId: 'o1' },
};

const convert = (
  changed: Partial<EventBridgeEvent> = {},
  options: Partial<EventBridgeMapping<typeof contract>> = {},
  { fifo = false, trace }: { readonly fifo?: boolean; readonly trace?: string } = {},
) => {
  const given = { ...event, ...changed };
  const one = { ...mapping, source: given.source, ...options };
  return toEnvelope(
    given,
    {
      mappingOf: createMappings([one]),
      catalog: createCatalog([contract]),
      publisher: { maxEventBytes: 262_144, fifo },
      producer: 'from-payments',
    },
    trace,
  );
};

describe('an event of EventBridge', () => {
  it('keeps the keys of its detail, whatever was published before', () => {
    // V8 takes the second key for the first: https://github.com/nodejs/node/issues/63785
    const data = ({ detail }: EventBridgeEvent) => ({ orderId: 'o1', ...Object(detail) });
    convert({ detail: { x: 1, 'ab\\': 1 } }, { data });
    expect(convert({ detail: { x: 1, 'ab"': 1 } }, { data }).data).toEqual({ orderId: 'o1', x: 1, 'ab"': 1 });
  });

  it.each([
    ['a list', []],
    ['nothing', undefined],
    ['an event without an id', { ...event, id: undefined }],
    ['an event whose source is a number', { ...event, source: 7 }],
  ])('is not %s', (_, payload) => {
    expect(() => readEventBridgeEvent(payload)).toThrow(
      /it is no event of EventBridge: it has no .*(id|source)/,
    );
  });

  it('is read with what a mapping may need, and nothing else', () => {
    const { resources: _, ...rest } = event;
    expect(readEventBridgeEvent({ ...rest, version: '0' })).toEqual(event);
    expect(readEventBridgeEvent({ ...event, resources: ['arn:1', 7] }).resources).toEqual(['arn:1']);
  });
});

describe('mappings', () => {
  it('are refused when two are for the same events', () => {
    expect(() => createMappings([mapping, { ...mapping }])).toThrow(
      "'Payment Received' of com.example.payments is mapped twice",
    );
  });

  it('are refused for an event that only consumers may emit', () => {
    expect(() => createMappings([{ ...mapping, contract: internal }])).toThrow(
      'payments.PaymentBooked.v1 is internal',
    );
  });
});

describe('the event of the bus', () => {
  it('refuses the same as the API, each problem with its place', () => {
    expect(() => convert({ detail: {}, time: 'noon' })).toThrow(/\/time/);
    expect(() => convert({ detail: { orderId: 7 } })).toThrow(/\/data\/orderId/);
    expect(() => convert({ detail: { orderId: '\ud800' } })).toThrow(/\/data\/orderId/);
    expect(() => convert({ detail: { orderId: 'x'.repeat(262_144) } })).toThrow(/at most 262144 are allowed/);
    expect(() => convert({}, {}, { fifo: true })).toThrow(/\/partitionkey is missing/);
  });

  it('cannot be stamped by a mapping', () => {
    const attributes = () => ({ ...{ producer: 'somebody' }, subject: 's' });
    expect(() => convert({}, { attributes })).toThrow(/\/producer is set only by the bus/);
  });

  it.each([
    ['com.example.payments', 'eventbridge:com.example.payments'],
    ['aws.partner/example.com/a b', 'eventbridge:aws.partner/example.com/a%20b'],
  ])('has the source %s as %s', (source, expected) => {
    expect(convert({ source }).source).toBe(expected);
  });

  it.each([
    [[], undefined],
    [['arn:1'], 'arn:1'],
    [['arn:1', 'arn:2'], undefined],
  ])('with the resources %j has the subject %s', (resources, subject) => {
    expect(convert({ resources }).subject).toBe(subject);
  });

  it('has a partitionkey on a FIFO bus, if its mapping sets one', () => {
    const attributes = ({ id }: EventBridgeEvent) => ({ partitionkey: id });
    expect(convert({}, { attributes }, { fifo: true }).partitionkey).toBe('e1');
  });

  it('continues the trace of the invocation', () => {
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    expect(convert({}, {}, { trace }).traceparent).toBe(
      '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
    );
  });
});

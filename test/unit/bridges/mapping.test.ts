import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import {
  type EventBridgeEvent,
  readEventBridgeEvent,
  UnpublishableEventError,
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

  it.each([
    ['producer', 'somebody'],
    ['deliverat', '2026-12-31T12:00:00Z'],
    ['source', '/consumers/email'],
    ['id', 'other'],
    ['type', 'payments.PaymentBooked.v1'],
    ['data', { orderId: 'o2' }],
    ['channel', 'web'],
  ])('is refused when its mapping sets %s, which the types do not allow', (name, value) => {
    const attributes = () => ({ subject: 's', ...{ [name]: value } });
    expect(() => convert({}, { attributes })).toThrow(
      new UnpublishableEventError(
        `its mapping to payments.PaymentReceived.v1 sets the attribute '${name}'; a mapping may set subject, partitionkey, tenant`,
      ),
    );
  });

  it('has every attribute that its mapping may set, and none that is undefined', () => {
    const attributes = () => ({ subject: 's', partitionkey: 'p', tenant: 't', ...{ deliverat: undefined } });
    expect(convert({ resources: ['arn:1'] }, { attributes })).toMatchObject({
      subject: 's',
      partitionkey: 'p',
      tenant: 't',
    });
  });

  it('has no subject when its mapping takes it away', () => {
    const attributes = () => ({ subject: undefined });
    expect(convert({ resources: ['arn:1'] }, { attributes }).subject).toBeUndefined();
  });

  it('is refused with the reason when a function of its mapping throws', () => {
    const attributes = () => {
      throw new RangeError('no region');
    };
    expect(() => convert({}, { attributes })).toThrow(
      'its mapping to payments.PaymentReceived.v1 throws: no region',
    );
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

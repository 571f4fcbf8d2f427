import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBus, type TestBus } from '../../lib/testing/start-test-bus.ts';
import { createApp } from '../apps/bridges/app.ts';
import { PaymentReceived } from '../apps/bridges/events.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-bridges-'));
const lines: string[] = [];
let bus: TestBus;

beforeAll(async () => {
  bus = await startTestBus(createApp({ outdir }), { log: (line) => lines.push(line) });
}, 120_000);

afterAll(async () => {
  await bus.stop();
  rmSync(outdir, { recursive: true, force: true });
});

const payment = (id: string, detail: unknown = { orderId: id, totalMinor: 1990 }) => ({
  id,
  source: 'com.example.payments',
  'detail-type': 'Payment Received',
  time: '2026-07-01T12:00:00Z',
  resources: ['arn:aws:example:::order/1'],
  detail,
});

const entry = (id: string) => bus.table('ledger', 'entries').get({ id });
const eventOf = async (id: string) => JSON.parse(String((await entry(id))?.event));
const deadLetterOf = async (id: string) =>
  (await bus.deadLetters('from-payments')).find(({ body }) => body.includes(`"${id}"`));

describe('from EventBridge', () => {
  it('an event arrives at a consumer, as the same event with the id of EventBridge', async () => {
    await bus.fromEventBridge('from-payments', payment('p1'));
    await bus.settled();
    expect(await eventOf('p1')).toEqual({
      source: 'eventbridge:com.example.payments',
      subject: 'arn:aws:example:::order/1',
      time: '2026-07-01T12:00:00Z',
      type: 'payments.PaymentReceived.v1',
      producer: 'from-payments',
      correlationid: 'p1',
      data: { orderId: 'p1', totalMinor: 1990 },
    });
  });

  it('a mapping makes data and attributes', async () => {
    await bus.fromEventBridge('from-payments', {
      id: 's1',
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { object: { key: 'a.pdf', size: 7 } },
    });
    await bus.settled();
    const { subject, data } = await eventOf('s1');
    expect({ subject, data }).toEqual({ subject: 'invoices/us-east-1', data: { key: 'a.pdf', bytes: 7 } });
  });

  it('a retry of the same event has one effect', async () => {
    await bus.fromEventBridge('from-payments', payment('p2'));
    await bus.settled();
    await bus.fromEventBridge('from-payments', payment('p2'));
    await bus.settled();
    expect((await entry('p2'))?.times).toBe(1);
    expect(await bus.deadLetters('ledger')).toEqual([]);
  });

  it.each([
    [
      'breaks its contract',
      payment('b1', { orderId: 'b1', totalMinor: 'much' }),
      /cannot be published as payments\.PaymentReceived\.v1: \/data\/totalMinor/,
    ],
    [
      'has no mapping',
      { ...payment('b2'), 'detail-type': 'Payment Lost' },
      /no mapping is for 'Payment Lost' of com\.example\.payments/,
    ],
    [
      'has a detail that its mapping cannot read',
      { ...payment('b3', {}), source: 'aws.s3', 'detail-type': 'Object Created' },
      /its mapping to payments\.InvoiceStored\.v1 throws/,
    ],
    [
      'has a text that SQS does not take',
      payment('b4', { orderId: '\uFFFE', totalMinor: 1 }),
      /\/data\/orderId/,
    ],
    ['has no time that is one', { ...payment('b5'), time: 'noon' }, /\/time/],
  ])('an event that %s is in the dead-letter queue at once, with the reason', async (_, event, reason) => {
    await bus.fromEventBridge('from-payments', event);
    const found = await deadLetterOf(event.id);
    expect(found?.errorName).toBe('UnpublishableEventError');
    expect(found?.errorMessage).toMatch(reason);
    expect(JSON.parse(found?.body ?? '')).toMatchObject(event);
    await bus.settled();
    expect(await entry(event.id)).toBeUndefined();
  });
});

it('logs what it has published, and what it could not', () => {
  const logged = lines.join('\n');
  expect(logged).toMatch(/"message":"published".*"eventId":"p1"/);
  expect(logged).toMatch(/"message":"an event of EventBridge went to the dead-letter queue".*"eventId":"b1"/);
});

describe('to EventBridge', () => {
  const putOf = (id: string) =>
    bus.eventBridgeEntries().filter(({ detail }) => (detail as { readonly id: string }).id === id);

  it('an event that comes over HTTP is put there as it is, with its id and its trace', async () => {
    const { id } = await bus.publish(
      PaymentReceived,
      { orderId: 'o1', totalMinor: 5 },
      { id: 'h1', source: '/shop', subject: 'o1', time: new Date('2026-07-01T12:00:00.500Z') },
    );
    await bus.settled();
    const [put, ...more] = putOf(id);
    expect(more).toEqual([]);
    expect(put).toMatchObject({
      source: 'fanfare.shop.dev',
      detailType: 'payments.PaymentReceived.v1',
      time: 1_782_907_200.5,
      traceHeader: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/),
      detail: {
        specversion: '1.0',
        id: 'h1',
        source: '/shop',
        type: 'payments.PaymentReceived.v1',
        subject: 'o1',
        data: { orderId: 'o1', totalMinor: 5 },
      },
    });
    expect(lines.join('\n')).toContain('To EventBridge: payments.PaymentReceived.v1');
  });

  it('the same event twice is put there once', async () => {
    for (const _ of [1, 2]) {
      await bus.publish(PaymentReceived, { orderId: 'o2', totalMinor: 5 }, { id: 'h2', source: '/shop' });
      await bus.settled();
    }
    expect(putOf('h2')).toHaveLength(1);
  });

  it('an event that is too large for EventBridge is a dead letter at once', async () => {
    const orderId = 'x'.repeat(300_000);
    await bus.publish(PaymentReceived, { orderId, totalMinor: 5 }, { id: 'h3', source: '/shop' });
    await bus.settled();
    const [dead] = await bus.deadLetters('warehouse');
    expect(dead).toMatchObject({
      event: { id: 'h3' },
      errorName: 'PermanentError',
      errorMessage: expect.stringContaining('ValidationException'),
    });
  });
});

it('says once that nothing comes from EventBridge here', () => {
  expect(lines.filter((line) => line.startsWith('EventBridge does not run'))).toHaveLength(1);
});

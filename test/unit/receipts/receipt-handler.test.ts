import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../../lib/aws/until-aborted.ts';
import type { CallAws } from '../../../lib/receipts/call-aws.ts';
import { AwsRefusal } from '../../../lib/receipts/call-aws.ts';
import { createReceiptHandler } from '../../../lib/receipts/create-receipt-handler.ts';

const NOW = Date.parse('2026-11-27T12:00:00.000Z');
const PUBLISHED = '2026-11-27T11:59:00.000Z';
const QUERY = `source=%2Fshop&type=shop.OrderPlaced.v1&published=${PUBLISHED}`;
const at = (time: string) => ({ N: String(Date.parse(time)) });

type Item = Record<string, object>;

interface World {
  readonly registrations?: readonly (object | string)[];
  /** What the tables answer; one that is silent answers nothing. */
  readonly items?: Readonly<Record<string, Item | Error | 'silent'>>;
  readonly withReasons?: boolean;
  readonly modifiedSeconds?: number;
}

const email = {
  consumer: 'email',
  table: 'EmailTable',
  types: ['shop.OrderPlaced.v1'],
  filtered: [],
  retry: { maxAttempts: 5, firstDelaySeconds: 2, maxDelaySeconds: 60 },
};

function createWorld({
  registrations = [email],
  items = {},
  withReasons = true,
  modifiedSeconds,
}: World = {}) {
  const calls: { target: string; input: Record<string, unknown> }[] = [];
  const world = { now: NOW, down: false };
  const call: CallAws = async (operation, input, signal) => {
    const asked = Object.fromEntries(Object.entries(input));
    calls.push({ target: operation.target, input: asked });
    if (world.down) throw new AwsRefusal(operation.target, 'InternalServerError', '500');
    if (operation.target === 'AmazonSSM.GetParametersByPath') {
      const start = Number(asked.NextToken ?? 0);
      const values = registrations.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
      const page = values.slice(start, start + 10);
      const answer = {
        Parameters: page.map((Value) => ({ Value, LastModifiedDate: modifiedSeconds })),
        ...(start + 10 < values.length && { NextToken: String(start + 10) }),
      };
      return JSON.parse(JSON.stringify(answer));
    }
    const item = items[String(asked.TableName)];
    if (item instanceof Error) throw item;
    if (item === 'silent') await untilAborted(signal, () => new Promise(() => undefined));
    return JSON.parse(JSON.stringify(item ? { Item: item } : {}));
  };
  const errors: string[] = [];
  const handler = createReceiptHandler({
    call,
    clock: { now: () => world.now },
    consumersPath: '/fanfare/shop/dev/Bus/consumers',
    withReasons,
    log: { error: (message) => errors.push(message) },
  });
  const ask = async (query = QUERY, id = 'order-1', milliseconds = 10_000) => {
    const answer = await handler(
      { rawPath: `/events/${id}`, rawQueryString: query },
      { getRemainingTimeInMillis: () => milliseconds },
    );
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? '') };
  };
  return { ask, calls, errors, world };
}

/** The receipt of the consumer `email` with this record. */
async function receiptOf(item: Item | undefined, query = QUERY, world: World = {}) {
  const { ask } = createWorld({ items: item ? { EmailTable: item } : {}, ...world });
  const { body } = await ask(query);
  return body.consumers[0];
}

describe('a request that cannot be answered', () => {
  it('without a source is a 400 that says what is missing', async () => {
    const { ask, calls } = createWorld();
    const { status, headers, body } = await ask('');
    expect(status).toBe(400);
    expect(headers).toEqual({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(body).toMatchObject({ type: 'about:blank', status: 400, title: 'The request cannot be read' });
    expect(body.detail).toContain('the source of the event is missing');
    expect(calls).toEqual([]);
  });

  it('with an id that no event can have is a 400, and asks and logs nothing', async () => {
    const { ask, calls, errors } = createWorld();
    const { status, body } = await ask(QUERY, 'x'.repeat(2_043));
    expect(status).toBe(400);
    expect(body.detail).toBe('id and source together have 2048 bytes; at most 2047 are allowed');
    expect([calls, errors]).toEqual([[], []]);
  });

  it('while the consumers cannot be listed is a 503, and the next request asks again', async () => {
    const { ask, world, errors } = createWorld();
    world.down = true;
    const { status, headers, body } = await ask();
    expect(status).toBe(503);
    expect(headers?.['retry-after']).toBe('1');
    expect(JSON.stringify(body)).not.toContain('InternalServerError');
    expect(errors).toEqual(['the consumers of the bus could not be listed']);
    world.down = false;
    expect((await ask()).status).toBe(200);
  });

  it('at one consumer, whose table is silent, says so in time', async () => {
    const { ask } = createWorld({
      registrations: [email, { ...email, consumer: 'slow', table: 'SlowTable' }],
      items: { EmailTable: { status: { S: `COMPLETED ${PUBLISHED}` } }, SlowTable: 'silent' },
    });
    const { status, body } = await ask(QUERY, 'order-1', 1_010);
    expect([status, body.settled]).toEqual([200, false]);
    expect(body.consumers).toMatchObject([
      { consumer: 'email', status: 'done' },
      { consumer: 'slow', status: 'unknown', why: 'unreadable' },
    ]);
  });

  it('at one consumer says so, and what the others have done', async () => {
    const { ask, errors } = createWorld({
      registrations: [email, { ...email, consumer: 'gone', table: 'GoneTable' }],
      items: {
        EmailTable: { status: { S: 'COMPLETED 2026-11-27T11:59:01.000Z' }, attempts: { N: '1' } },
        GoneTable: new AwsRefusal('GetItem', 'ResourceNotFoundException', '400'),
      },
    });
    const { body } = await ask();
    expect(body.consumers).toEqual([
      { consumer: 'email', status: 'done', since: '2026-11-27T11:59:01.000Z', attempts: 1 },
      { consumer: 'gone', status: 'unknown', why: 'unreadable' },
    ]);
    expect(body.settled).toBe(false);
    expect(errors).toEqual(['the record of gone could not be read']);
  });
});

describe('a consumer without a record of the event', () => {
  it('waits for it', async () => {
    expect(await receiptOf(undefined)).toEqual({ consumer: 'email', status: 'waiting' });
  });

  const books = { ...email, consumer: 'books', types: ['shop.Other.v1'], filtered: ['shop.Odd.v2'] };
  const both: World = { registrations: [email, books] };

  it.each(['shop.Other.v1', 'shop.Other', 'shop.Odd.v2', 'shop.Odd'])(
    'skips it when it does not take the type, and another one does: %s',
    async (type) => {
      const { ask } = createWorld(both);
      const { body } = await ask(QUERY.replace('shop.OrderPlaced.v1', type));
      expect(body.consumers[1]).toEqual({ consumer: 'email', status: 'skipped' });
    },
  );

  it.each(['shop.OrderPlaced', 'shop.OrderPlaced.v1'])(
    'waits for it by both forms of its type: %s',
    async (type) => {
      expect(await receiptOf(undefined, QUERY.replace('shop.OrderPlaced.v1', type))).toEqual({
        consumer: 'email',
        status: 'waiting',
      });
    },
  );

  it('is unknown when it takes only some data of a type without its version', async () => {
    const { ask } = createWorld(both);
    const { body } = await ask(QUERY.replace('shop.OrderPlaced.v1', 'shop.Odd'));
    expect(body.consumers[0]).toEqual({ consumer: 'books', status: 'unknown', why: 'filter' });
  });

  const later = (deliver: string): string =>
    `${QUERY.replace('2026-11-27', '2026-10-01')}&deliver=${deliver}`;

  it.each([
    ['comes in a year', '2027-11-27T00:00:00.000Z', {}],
    ['came a moment ago, and was published long before', '2026-11-27T11:59:59.000Z', {}],
    ['came after its consumer was deployed', '2026-11-27T11:59:59.000Z', { modifiedSeconds: NOW / 1000 - 2 }],
  ])('waits for an event that %s', async (_, deliver, world) => {
    expect(await receiptOf(undefined, later(deliver), world)).toEqual({
      consumer: 'email',
      status: 'waiting',
    });
  });

  it.each([
    [
      'came before its consumer was deployed',
      '2026-11-27T11:59:57.000Z',
      { modifiedSeconds: NOW / 1000 - 2 },
      'later',
    ],
    ['came 21 days ago', '2026-11-06T12:00:00.000Z', {}, 'expired'],
  ])('is unknown when an event %s', async (_, deliver, world, why) => {
    expect(await receiptOf(undefined, later(deliver), world)).toMatchObject({ status: 'unknown', why });
  });

  it('says when an event comes that comes later', async () => {
    const { body } = await createWorld().ask(later('2027-11-27T00:00:00.000Z'));
    expect(body).toMatchObject({
      publishedAt: '2026-10-01T11:59:00.000Z',
      deliverAt: '2027-11-27T00:00:00.000Z',
      settled: false,
    });
    expect(body.note).toBe(
      'This event comes at 2027-11-27T00:00:00.000Z, unless it is cancelled before: the receipt does not know of that.',
    );
    expect((await createWorld().ask()).body).not.toHaveProperty('deliverAt');
  });

  it.each(['shop.OrderPlacd.v1', 'shop.OrderPlaced.v9', 'OrderPlaced', 'shop'])(
    'is unknown, and does not skip it, when no consumer takes the type: %s',
    async (type) => {
      const { ask } = createWorld(both);
      const { body } = await ask(QUERY.replace('shop.OrderPlaced.v1', type));
      expect(body.consumers).toEqual([
        { consumer: 'books', status: 'unknown', why: 'nobody' },
        { consumer: 'email', status: 'unknown', why: 'nobody' },
      ]);
    },
  );

  it.each([
    ['the type is not said', 'source=%2Fshop', {}, 'type'],
    ['the type is empty', QUERY.replace('shop.OrderPlaced.v1', ''), {}, 'type'],
    ['the time of its publication is not said', QUERY.replace(/&published.*/, ''), {}, 'time'],
    [
      'neither the time is said nor all data of the type taken',
      QUERY.replace(/&published.*/, ''),
      { registrations: [{ ...email, types: [], filtered: ['shop.OrderPlaced.v1'] }] },
      'time',
    ],
    [
      'it takes only some data of the type',
      QUERY,
      { registrations: [{ ...email, types: [], filtered: ['shop.OrderPlaced.v1'] }] },
      'filter',
    ],
    ['it was deployed after the event', QUERY, { modifiedSeconds: NOW / 1000 }, 'later'],
    ['records of that time may have expired', QUERY.replace('11-27', '11-06'), {}, 'expired'],
  ])('is unknown when %s', async (_, query, world, why) => {
    expect(await receiptOf(undefined, query, world)).toEqual({ consumer: 'email', status: 'unknown', why });
  });

  it('counts a record that has expired as none', async () => {
    const item = {
      status: { S: 'COMPLETED 2026-11-01T00:00:00.000Z' },
      expiresAt: { N: String(NOW / 1000) },
    };
    expect(await receiptOf(item)).toMatchObject({ status: 'waiting' });
    expect(await receiptOf({ ...item, expiresAt: { N: String(NOW / 1000 + 1) } })).toMatchObject({
      status: 'done',
    });
  });
});

describe('a consumer with a record', () => {
  const error = { M: { name: { S: 'BankError' }, message: { S: 'no answer of https://b.example?sig=1' } } };
  const started = at('2026-11-27T11:59:10.000Z');
  const failedAt = at('2026-11-27T11:59:30.000Z');

  it.each([
    [
      'has done it',
      { status: { S: 'COMPLETED 2026-11-27T11:59:01.000Z a.B.v1' } },
      { status: 'done', since: '2026-11-27T11:59:01.000Z' },
    ],
    [
      'has committed it',
      { status: { S: 'COMMITTED' }, startedAt: started },
      { status: 'done', since: '2026-11-27T11:59:10.000Z' },
    ],
    [
      'handles it',
      { status: { S: 'IN_PROGRESS' }, leaseUntil: { N: String(NOW + 1) }, startedAt: started },
      { status: 'handling', since: '2026-11-27T11:59:10.000Z' },
    ],
    [
      'has died',
      { status: { S: 'IN_PROGRESS' }, leaseUntil: { N: String(NOW) } },
      {
        status: 'failing',
        since: '2026-11-27T12:00:00.000Z',
        maxAttempts: 5,
        reason: expect.stringContaining('ProcessDiedError'),
      },
    ],
    [
      'has failed',
      { status: { S: 'FAILED' }, error, failedAt },
      {
        status: 'failing',
        since: '2026-11-27T11:59:30.000Z',
        maxAttempts: 5,
        nextAttemptBefore: '2026-11-27T11:59:34.000Z',
        reason: 'BankError: no answer of https://b.example?…',
      },
    ],
    [
      'has given up',
      { status: { S: 'FAILED' }, error, failedAt, dead: { BOOL: true } },
      {
        status: 'dead',
        since: '2026-11-27T11:59:30.000Z',
        reason: 'BankError: no answer of https://b.example?…',
      },
    ],
    [
      'was redriven',
      {
        status: { S: 'FAILED' },
        error,
        failedAt,
        dead: { BOOL: true },
        operation: { S: 'redriven 2026-11-27T11:59:50.000Z' },
      },
      { status: 'waiting', since: '2026-11-27T11:59:50.000Z' },
    ],
    [
      'was purged',
      {
        status: { S: 'FAILED' },
        error,
        failedAt,
        dead: { BOOL: true },
        operation: { S: 'purged 2026-11-27T11:59:50.000Z' },
      },
      {
        status: 'dead',
        since: '2026-11-27T11:59:50.000Z',
        reason: 'BankError: no answer of https://b.example?…',
      },
    ],
    ['has released it', { status: { S: 'FAILED' } }, { status: 'waiting' }],
    [
      'has it of a replay',
      { status: { S: 'COMPLETED 2026-11-27T11:59:01.000Z' }, replay: { S: 'r-1' } },
      { status: 'done', since: '2026-11-27T11:59:01.000Z', replay: 'r-1' },
    ],
  ])('%s', async (_, item, expected) => {
    expect(await receiptOf({ ...item, attempts: { N: '2' } })).toEqual({
      consumer: 'email',
      attempts: 2,
      ...expected,
    });
  });

  it('says so whatever its types are: an event can have several versions', async () => {
    const item = { status: { S: 'COMPLETED 2026-11-27T11:59:01.000Z' } };
    expect(await receiptOf(item, QUERY.replace('v1', 'v9'))).toMatchObject({ status: 'done' });
  });

  it('does not say that a pause is longer than the longest', async () => {
    const item = { status: { S: 'FAILED' }, error, failedAt, attempts: { N: '30' } };
    expect(await receiptOf(item)).toMatchObject({ nextAttemptBefore: '2026-11-27T12:00:30.000Z' });
  });

  it('does not even read the reason when the bus leaves it out', async () => {
    const { ask, calls } = createWorld({
      withReasons: false,
      items: { EmailTable: { status: { S: 'FAILED' }, failedAt, attempts: { N: '1' } } },
    });
    const { body } = await ask();
    expect(body.consumers[0]).toEqual({
      consumer: 'email',
      status: 'failing',
      since: '2026-11-27T11:59:30.000Z',
      attempts: 1,
      maxAttempts: 5,
      nextAttemptBefore: '2026-11-27T11:59:32.000Z',
    });
    expect(JSON.stringify(calls[1]?.input)).not.toContain('error');
  });
});

describe('a receipt', () => {
  it('says what was asked, and that nobody can tell an unseen event from one that was never published', async () => {
    const { ask } = createWorld();
    const { status, headers, body } = await ask();
    expect(status).toBe(200);
    expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(body).toEqual({
      id: 'order-1',
      source: '/shop',
      type: 'shop.OrderPlaced.v1',
      publishedAt: PUBLISHED,
      seen: false,
      settled: false,
      consumers: [{ consumer: 'email', status: 'waiting' }],
      note: expect.stringContaining('never published'),
    });
  });

  it('reads one record by its key, and nothing else of it than a receipt needs', async () => {
    const { ask, calls } = createWorld();
    await ask();
    expect(calls.map(({ target }) => target)).toEqual([
      'AmazonSSM.GetParametersByPath',
      'DynamoDB_20120810.GetItem',
    ]);
    const { ExpressionAttributeNames, ...input } = calls[1]?.input ?? {};
    expect(input).toEqual({
      TableName: 'EmailTable',
      Key: { id: { S: '/shop|order-1' } },
      ConsistentRead: true,
      ProjectionExpression:
        '#id,#status,#attempts,#startedAt,#failedAt,#leaseUntil,#expiresAt,#dead,#operation,#replay,#error',
    });
    expect(Object.values(ExpressionAttributeNames ?? {})).not.toContain('outbox');
  });

  it('lists all consumers, in order, also those of the second page and in several parts', async () => {
    const many = Array.from({ length: 12 }, (_, index) => ({
      ...email,
      consumer: `c${String(index).padStart(2, '0')}`,
    }));
    const parted = [
      { ...email, consumer: 'b', types: ['x.A.v1'] },
      { ...email, consumer: 'b', types: ['shop.OrderPlaced.v1'] },
    ];
    const { ask } = createWorld({ registrations: [...many, ...parted] });
    const { body } = await ask();
    expect(body.consumers.map(({ consumer }: { consumer: string }) => consumer)).toEqual([
      'b',
      ...many.map(({ consumer }) => consumer),
    ]);
    expect(body.consumers[0].status).toBe('waiting');
  });

  it('asks for the consumers once a minute', async () => {
    const { ask, calls, world } = createWorld();
    const lists = () => calls.filter(({ target }) => target.includes('SSM')).length;
    await ask();
    world.now += 59_999;
    await ask();
    expect(lists()).toBe(1);
    world.now += 1;
    await ask();
    expect(lists()).toBe(2);
  });

  it('is settled when every consumer is done, dead, skipped or unknown', async () => {
    const done = { status: { S: 'COMPLETED 2026-11-27T11:59:01.000Z' } };
    const { ask } = createWorld({
      registrations: [email, { ...email, consumer: 'other', table: 'T', types: ['x.Y.v1'] }],
      items: { EmailTable: done },
    });
    expect((await ask()).body).toMatchObject({ seen: true, settled: true });
    expect((await ask()).body).not.toHaveProperty('note');
  });

  it('says that there are no consumers', async () => {
    const { ask } = createWorld({ registrations: [] });
    expect((await ask()).body).toMatchObject({
      consumers: [],
      settled: true,
      note: 'No consumer of this account and region has registered itself.',
    });
  });

  it.each(['no JSON', '{}', '{"consumer":"a","table":"t","types":"x","filtered":[],"retry":{}}'])(
    'says that a registration cannot be read: %s',
    async (value) => {
      const { ask } = createWorld({ registrations: [value, email] });
      const { body } = await ask();
      expect(body.consumers).toHaveLength(1);
      expect(body.note).toContain('Registrations of consumers that could not be read: 1.');
    },
  );
});

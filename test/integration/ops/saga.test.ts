import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectDocumented, expectIsoTimes } from './documented-shapes.ts';
import { type Rig, startRig } from './rig.ts';
import { minutesAgo, putRaw, putSaga, sagaStack, startSagaRig } from './saga-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startSagaRig();
});
beforeEach(async () => {
  for (const { sagaTable: TableName } of rig.deployment.consumers) {
    if (TableName === undefined) continue;
    const { Items = [] } = await rig.clients.dynamodb.send(new ScanCommand({ TableName }));
    for (const { id = { S: '' } } of Items)
      await rig.clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id } }));
  }
});
afterAll(() => rig.stop());

const cells = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
const second = (time: string) => `${time.replace('T', ' ').slice(0, 19)}Z`;

async function list(...args: string[]) {
  const { stdout, code, stderr } = await rig.run('saga', 'list', ...args, '--json');
  const { kind, data, problems } = JSON.parse(stdout);
  expectDocumented(kind, data);
  expectIsoTimes(data);
  return { data, problems, code, stderr, ids: data.sagas.map(({ id }: { id: string }) => id) };
}

describe('saga list', () => {
  it('names a consumer that does not exist', async () => {
    expect(await rig.run('saga', 'list', 'ordres')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean orders'),
    });
  });

  it('refuses a consumer that is no saga, and names those that are', async () => {
    expect(await rig.run('saga', 'list', 'email')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "fanfare: the consumer 'email' is no saga; these are: orders, returns\n",
    });
  });

  it.each([
    ['--older-than', 'soon'],
    ['--limit', '0'],
    ['--step', ''],
  ])('refuses %s %s', async (option, value) => {
    expect((await rig.run('saga', 'list', option, value)).code).toBe(2);
  });

  it('says when there are none', async () => {
    expect(await rig.run('saga', 'list')).toMatchObject({ code: 0, stdout: 'There are no sagas.\n' });
  });

  it('counts those of each step, and lists the oldest that runs first and the ended ones last', async () => {
    const young = await putSaga(rig, { id: 'young', startedAt: minutesAgo(40) });
    const old = await putSaga(rig, {
      id: 'old',
      startedAt: minutesAgo(90),
      timeouts: {
        'shop.DayPassed': { id: 'd', at: minutesAgo(-900) },
        'shop.PaymentTimedOut': { id: 't', at: minutesAgo(-5) },
      },
    });
    const of = { step: 'shipped', startedAt: minutesAgo(200) };
    await putSaga(rig, { ...of, id: 'ended early', endedAt: minutesAgo(35), updatedAt: minutesAgo(35) });
    await putSaga(rig, { ...of, id: 'ended late', endedAt: minutesAgo(34), updatedAt: minutesAgo(34) });
    await putSaga(rig, { id: 'back', consumer: 'returns', step: 'arriving', startedAt: minutesAgo(50) });
    const { stdout, code } = await rig.run('saga', 'list');
    expect(code).toBe(0);
    const moved = second(young.updatedAt);
    const by = 'shop.StockReserved';
    const began = second(minutesAgo(200));
    expect(cells(stdout)).toEqual([
      ['consumer', 'step', 'sagas'],
      ['orders', 'paying', 'runs', '2'],
      ['orders', 'shipped', 'ended', '2'],
      ['returns', 'arriving', 'runs', '1'],
      [''],
      ['saga', 'consumer', 'step', 'began (UTC)', 'last move (UTC)', 'by', 'time-out (UTC)'],
      ['old', 'orders', 'paying', second(old.startedAt), moved, by, second(minutesAgo(-5))],
      ['back', 'returns', 'arriving', second(minutesAgo(50)), moved, by, '-'],
      ['young', 'orders', 'paying', second(young.startedAt), moved, by, '-'],
      ['ended late', 'orders', 'shipped (ended)', began, second(minutesAgo(34)), by, '-'],
      ['ended early', 'orders', 'shipped (ended)', began, second(minutesAgo(35)), by, '-'],
    ]);
  });

  it('lists those of a consumer, of a step, that run, that are old, and no more than asked for', async () => {
    await putSaga(rig, { id: 'paying', startedAt: minutesAgo(50) });
    await putSaga(rig, { id: 'reserving', step: 'reserving', startedAt: minutesAgo(150) });
    await putSaga(rig, {
      id: 'shipped',
      step: 'shipped',
      startedAt: minutesAgo(170),
      endedAt: minutesAgo(30),
    });
    await putSaga(rig, { id: 'back', consumer: 'returns', step: 'paying', startedAt: minutesAgo(40) });
    expect((await list()).ids).toEqual(['reserving', 'paying', 'back', 'shipped']);
    const { ids, data } = await list('orders');
    expect(ids).toEqual(['reserving', 'paying', 'shipped']);
    expect(data.counts).toEqual([
      { consumer: 'orders', step: 'paying', isEnd: false, count: 1 },
      { consumer: 'orders', step: 'reserving', isEnd: false, count: 1 },
      { consumer: 'orders', step: 'shipped', isEnd: true, count: 1 },
    ]);
    expect((await list('--step', 'paying')).ids).toEqual(['paying', 'back']);
    expect((await list('--open')).ids).toEqual(['reserving', 'paying', 'back']);
    expect((await list('--older-than', '2h')).ids).toEqual(['reserving', 'shipped']);
    expect((await list('orders', '--older-than', '2h', '--open')).ids).toEqual(['reserving']);
    const limited = await list('--limit', '2');
    expect([limited.ids, limited.data.total, limited.data.isWhole]).toEqual([
      ['reserving', 'paying'],
      4,
      true,
    ]);
    const { stdout } = await rig.run('saga', 'list', '--limit', '2');
    expect(stdout).toMatch(/^2 more; --limit shows more\.$/m);
    expect((await rig.run('saga', 'list', '--step', 'gone')).stdout).toMatch(/^No saga is as asked for\.$/m);
  });

  it('has in JSON what a saga is, without its data', async () => {
    const item = await putSaga(rig, {
      id: 'one',
      timeouts: { 'shop.Late': { id: 't', at: minutesAgo(-5) } },
    });
    const { data } = await list();
    expect(data.sagas).toEqual([
      {
        ...{ consumer: 'orders', id: 'one', step: 'paying', lastEvent: 'shop.StockReserved' },
        ...{ startedAt: item.startedAt, updatedAt: item.updatedAt, timeoutAt: minutesAgo(-5) },
        correlationId: 'cause-of-one',
      },
    ]);
  });

  it('leaves out one whose time is over, although it is still in the table', async () => {
    const ended = { step: 'shipped', endedAt: minutesAgo(30) };
    const now = Math.floor(Date.now() / 1_000);
    await putSaga(rig, { id: 'over', ...ended, expiresAt: now - 1 });
    await putSaga(rig, { id: 'kept', ...ended, expiresAt: now + 600 });
    const { ids, data } = await list();
    expect([ids, data.counts[0].count]).toEqual([['kept'], 1]);
    expect((await rig.run('saga', 'show', 'orders', 'over')).code).toBe(2);
  });

  it('names an item that is no saga, shows the others, and exits with 3', async () => {
    await putSaga(rig, { id: 'good' });
    await putRaw(rig, 'orders', { id: { S: 'foreign' } });
    const { stdout, code } = await rig.run('saga', 'list');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^good {2}/m);
    const reason =
      'item foreign of the table of sagas is no saga; only Fanfare may write there: the attribute step is missing';
    expect(stdout).toMatch(new RegExp(`^The saga foreign of orders cannot be read: ${reason}$`, 'm'));
    const { data } = await list();
    expect(data.unreadable).toEqual([{ consumer: 'orders', id: 'foreign', reason }]);
    expect(await rig.run('saga', 'show', 'orders', 'foreign')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `fanfare: ${reason}\n`,
    });
  });
});

describe('saga show', () => {
  it.each([
    ['a consumer that does not exist', ['ordres', 'x'], 'did you mean orders'],
    ['a consumer that is no saga', ['email', 'x'], "the consumer 'email' is no saga"],
    ['a saga that does not exist', ['orders', 'nobody'], "orders has no saga 'nobody'"],
    ['a saga without a key', ['orders'], "missing required argument 'id'"],
  ])('refuses %s', async (_, args, reason) => {
    expect(await rig.run('saga', 'show', ...args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(reason),
    });
  });

  it('shows the steps over time, the time-out, what undoes it, and the data', async () => {
    await putSaga(rig, {
      id: 'one',
      timeouts: { 'shop.PaymentTimedOut': { id: 't-1', at: minutesAgo(-60) } },
      undo: [
        { event: 'shop.StockReturnRequested', data: { orderId: 'one' } },
        { event: 'shop.RefundRequested', data: {} },
      ],
    });
    const { stdout, code } = await rig.run('saga', 'show', 'orders', 'one');
    expect(code).toBe(0);
    const lines = cells(stdout);
    expect(lines[0]?.[0]).toMatch(/^orders one runs: in 'paying', last moved 3\d min ago\.$/);
    expect(lines.slice(1, 6)).toEqual([
      [''],
      ['when (UTC)', 'after', 'event', 'from', 'to'],
      [second(minutesAgo(60)), 'shop.OrderPlaced', 'new', 'reserving'],
      [second(minutesAgo(30)), '30 min', 'shop.StockReserved', 'reserving', 'paying'],
      [''],
    ]);
    expect(lines[6]?.[0]).toMatch(
      /^Time-out shop\.PaymentTimedOut comes on .*Z, in (1 h|\d+ min); its id is t-1$/,
    );
    expect(lines.slice(7)).toEqual([
      ['To undo it, it would emit:'],
      ['shop.RefundRequested {}'],
      ['shop.StockReturnRequested {"orderId":"one"}'],
      ['Data: {"totalMinor":250}'],
      ['Correlation id, for fanfare trace: cause-of-one'],
    ]);
  });

  it('says how a saga has ended, when it is removed, and that earlier moves are not kept', async () => {
    const expiresAt = Math.floor(Date.parse(minutesAgo(-9_000)) / 1_000);
    const history = [{ at: minutesAgo(30), event: 'shop.Paid', step: 'shipped' }];
    await putSaga(rig, { id: 'end', step: 'shipped', endedAt: minutesAgo(30), expiresAt, history });
    const { stdout } = await rig.run('saga', 'show', 'orders', 'end');
    const removed = second(new Date(expiresAt * 1_000).toISOString());
    expect(stdout.split('\n')[0]).toBe(
      `orders end has ended as 'shipped' on ${second(minutesAgo(30))}. It is removed after ${removed}.`,
    );
    expect(stdout).toContain('\nOnly the last moves are kept; it had others before.\n');
    expect(cells(stdout)).toContainEqual([second(minutesAgo(30)), 'shop.Paid', '?', 'shipped']);
    expect(stdout).toContain('\nNo time-out is set.\nNothing is registered that undoes it.\n');
  });

  it('shows control characters by their names', async () => {
    await putSaga(rig, { id: 'a\u001b[2Jb' });
    const { stdout } = await rig.run('saga', 'show', 'orders', 'a\u001b[2Jb');
    expect(stdout).toContain('orders a\\u{001b}[2Jb runs');
    expect(stdout).not.toContain('\u001b');
  });

  it('as JSON has all that is known', async () => {
    const undo = [{ event: 'shop.Return', data: { sku: 'tea' } }];
    const timeouts = { 'shop.Late': { id: 't', at: minutesAgo(-5) } };
    const item = await putSaga(rig, { id: 'one', undo, timeouts });
    const { stdout } = await rig.run('saga', 'show', 'orders', 'one', '--json');
    const { kind, data } = JSON.parse(stdout);
    expectDocumented(kind, data);
    expectIsoTimes(data);
    expect(data).toEqual({
      ...{ consumer: 'orders', id: 'one', step: 'paying', lastEvent: 'shop.StockReserved' },
      ...{ startedAt: item.startedAt, updatedAt: item.updatedAt, timeoutAt: minutesAgo(-5) },
      ...{ correlationId: 'cause-of-one', data: { totalMinor: 250 }, undo, isWhole: true },
      timeouts: [{ event: 'shop.Late', id: 't', at: minutesAgo(-5) }],
      steps: [
        { at: item.startedAt, event: 'shop.OrderPlaced', from: 'new', to: 'reserving' },
        {
          ...{ at: item.updatedAt, event: 'shop.StockReserved', from: 'reserving', to: 'paying' },
          afterMilliseconds: 1_800_000,
        },
      ],
    });
  });
});

describe('where something is missing', () => {
  it('says that no consumer is a saga', async () => {
    const none = await startRig();
    const all = await none.run('saga', 'list');
    const one = await none.run('saga', 'show', 'email', 'x');
    await none.stop();
    expect(all).toMatchObject({ code: 0, stdout: 'No consumer here is a saga.\n' });
    expect(one).toMatchObject({
      code: 2,
      stderr: "fanfare: the consumer 'email' is no saga; no consumer here is\n",
    });
  });

  it('names a table and a stack that cannot be read, shows the others, and exits with 3', async () => {
    const { outputs: _, ...half } = sagaStack('half');
    const broken = await startSagaRig(sagaStack('gone', 'no-table'), half);
    await putSaga(broken, { id: 'good' });
    const { code, stdout, stderr } = await broken.run('saga', 'list');
    const json = await broken.run('saga', 'list', '--json');
    await broken.stop();
    expect(code).toBe(3);
    expect(stdout).toMatch(/^good {2}/m);
    expect(stderr).toContain('table of sagas no-table does not exist\n');
    expect(stderr).toMatch(/^stack shop-dev-half cannot be read: it is \w+ and has no output QueueUrl/m);
    const { data, problems } = JSON.parse(json.stdout);
    expect([data.total, problems.map(({ name }: { name: string }) => name)]).toEqual([
      1,
      ['shop-dev-half', 'no-table'],
    ]);
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { largeDataKey, withoutLargeData } from '../../../lib/contracts/envelope/large-data.ts';
import {
  archivedOf,
  eventOf,
  HOUR,
  objectOf,
  type WrittenObject,
} from '../../apps/archive/archive-objects.ts';
import { expectDocumented } from './documented-shapes.ts';
import { drain, type Ended, fill, type Rig, startRig } from './rig.ts';

const CONTRACTS = resolve('test/apps/customers');

let rig: Rig;
let folder: string;
beforeAll(async () => {
  rig = await startRig({ archive: true });
});
afterAll(() => rig.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-erase-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bucket = (): string => rig.deployment.archives[0]?.bucketName ?? '';

async function put(key: string, body: Buffer | string): Promise<void> {
  await (await rig.clients.s3()).send(new PutObjectCommand({ Bucket: bucket(), Key: key, Body: body }));
}

/** Puts an object of the archive. @returns its key */
async function archive({ key, body }: WrittenObject): Promise<string> {
  await put(key, body);
  return key;
}

/** Removes an object, so that no other test sees it. */
async function remove(Key: string): Promise<void> {
  await (await rig.clients.s3()).send(new DeleteObjectCommand({ Bucket: bucket(), Key }));
}

async function read(Key: string): Promise<Buffer> {
  const { Body } = await (await rig.clients.s3()).send(new GetObjectCommand({ Bucket: bucket(), Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const linesOf = async (key: string): Promise<readonly string[]> =>
  gunzipSync(await read(key))
    .toString()
    .split('\n');

const keys = async (): Promise<readonly string[]> => {
  const { Contents = [] } = await (await rig.clients.s3()).send(
    new ListObjectsV2Command({ Bucket: bucket() }),
  );
  return Contents.map(({ Key = '' }) => Key);
};

const recordOf = async (id: string): Promise<Record<string, AttributeValue> | undefined> => {
  const Key = { id: { S: id } };
  const { Item } = await rig.clients.dynamodb.send(
    new GetItemCommand({ TableName: rig.consumer.idempotencyTable, Key }),
  );
  return Item;
};

const putRecord = async (id: string, more: Record<string, AttributeValue>): Promise<void> => {
  await rig.clients.dynamodb.send(
    new PutItemCommand({ TableName: rig.consumer.idempotencyTable, Item: { id: { S: id }, ...more } }),
  );
};

const erase = (subject: string, ...args: readonly string[]): Promise<Ended> =>
  rig.begin(['erase', '--subject', subject, '--events', CONTRACTS, '--json', ...args], { cwd: folder }).ended;
const eraseNow = (subject: string, ...args: readonly string[]) => erase(subject, '--yes', ...args);
const reportOf = ({ stdout }: Ended) => JSON.parse(stdout).data;

const order = (id: string, customerId: string, more: Partial<Envelope> = {}): Envelope =>
  eventOf({
    id,
    type: 'shop.OrderPlaced.v2',
    data: { orderId: id, customerId, email: `${customerId}@example.com` },
    ...more,
  });

/** The same event with its data beside it, as the bus stores it. @returns also where */
function large(event: Envelope): { readonly event: Envelope; readonly key: string; readonly text: string } {
  const text = JSON.stringify(event.data);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const key = largeDataKey(event, sha256);
  const claim = { bucket: bucket(), key, bytes: Buffer.byteLength(text), sha256 };
  return { event: withoutLargeData(event, claim, 'digest'), key, text };
}

describe('fanfare erase', () => {
  it('takes the data out of the events of a person, and leaves every other byte', async () => {
    const old = eventOf({
      id: 'old',
      type: 'shop.OrderPlaced.v1',
      data: { orderId: 'old', customer: { id: 'ada', email: 'ada@example.com' } },
    });
    const [mine, others] = [large(order('large', 'ada')), large(order('large-2', 'bob'))];
    await put(mine.key, mine.text);
    await put(others.key, others.text);
    const events: readonly (readonly [Envelope, object])[] = [
      [order('b1', 'bob', { subject: 'ada' }), {}],
      [
        order('a1', 'ada', { subject: 'S', partitionkey: 'ada', tenant: 'T', causationid: 'ada:7' }),
        { sequence: '7' },
      ],
      [old, {}],
      [mine.event, { largeData: mine.text }],
      [others.event, { largeData: others.text }],
      [eventOf({ id: 'letter', type: 'shop.LetterSent.v1', subject: 'ada', data: { text: 'Dear Ada' } }), {}],
      [eventOf({ id: 'letter-2', type: 'shop.LetterSent.v1', subject: 'bob', data: { text: 'of ada' } }), {}],
      [eventOf({ id: 'foreign', type: 'other.Happened.v1', subject: 'ada', data: { a: 1 } }), {}],
    ];
    const key = await archive(objectOf(events.map(([event, more]) => archivedOf(event, HOUR, more))));
    const untouched = await archive(objectOf([archivedOf(order('b9', 'bob'), HOUR + 1)]));
    const [before, other] = [await linesOf(key), await read(untouched)];
    const dry = await erase('ada', '--dry-run');
    expect(await linesOf(key)).toEqual(before);
    expect(await keys()).toContain(mine.key);
    const ended = await eraseNow('ada');
    expect(ended.code).toBe(0);
    const report = reportOf(ended);
    expectDocumented('erasure', report);
    expect(report).toMatchObject({
      archive: {
        objects: 2,
        rewritten: 1,
        events: {
          'shop.OrderPlaced.v2': 2,
          'shop.OrderPlaced.v1': 1,
          'shop.LetterSent.v1': 1,
          'other.Happened.v1': 1,
        },
      },
      largeData: 1,
      unknownTypes: ['other.Happened.v1'],
      left: [],
    });
    // What a dry run says is what is done.
    const { completeUpTo: _, ...counts } = report.archive;
    expect(reportOf(dry)).toMatchObject({ ...report, dryRun: true, archive: counts });
    const after = await linesOf(key);
    expect(after.map((line, index) => line === before[index])).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(JSON.parse(after[1] ?? '')).toEqual({
      ...{ arrivedAt: new Date(HOUR).toISOString(), sequence: '7', id: 'a1', source: '/shop/checkout' },
      type: 'shop.OrderPlaced.v2',
      time: new Date(HOUR).toISOString(),
      body: JSON.stringify({
        ...{ specversion: '1.0', id: 'a1', source: '/shop/checkout', type: 'shop.OrderPlaced.v2' },
        time: new Date(HOUR).toISOString(),
        erased: JSON.parse(JSON.parse(after[1] ?? '').body).erased,
      }),
    });
    expect(after.filter((_, index) => ![0, 6].includes(index)).join('')).not.toMatch(/ada|Ada/);
    expect(await read(untouched)).toEqual(other);
    expect(await keys()).not.toContain(mine.key);
    expect(await keys()).toContain(others.key);
    // Running it again finds nothing, and changes nothing.
    expect(reportOf(await eraseNow('ada')).archive).toMatchObject({ rewritten: 0, events: {} });
    expect(await linesOf(key)).toEqual(after);
  });

  it('erases several persons in one pass, of a range', async () => {
    const [early, late] = [HOUR - 10_800_000, HOUR - 7_200_000];
    const first = await archive(objectOf([archivedOf(order('c1', 'cleo'), early)]));
    const second = await archive(
      objectOf([archivedOf(order('d1', 'dan'), late), archivedOf(order('c2', 'cleo'), late)]),
    );
    const kept = await read(first);
    const ended = await eraseNow(
      'cleo',
      '--subject',
      'dan',
      '--from',
      new Date(late).toISOString(),
      '--to',
      new Date(HOUR).toISOString(),
    );
    expect(reportOf(ended)).toMatchObject({
      subjects: ['cleo', 'dan'],
      archive: { events: { 'shop.OrderPlaced.v2': 2 } },
    });
    expect((await linesOf(second)).join('')).not.toMatch(/cleo|dan/);
    expect(await read(first)).toEqual(kept);
  });

  it('deletes dead letters of the person from every queue, and cleans the records of their events', async () => {
    const { consumer } = rig;
    const urls = [
      consumer.deadLetterQueueUrl,
      consumer.undeliveredQueueUrl,
      rig.deployment.archives[0]?.deadLetterQueueUrl ?? '',
      rig.deployment.archives[0]?.undeliveredQueueUrl ?? '',
    ];
    const stored = large(order('e-large', 'eve'));
    await put(stored.key, stored.text);
    const bodies = (index: number) =>
      [order(`e${index}`, 'eve'), order(`f${index}`, 'fay')].map((event) => JSON.stringify(event));
    for (const [index, queueUrl] of urls.entries())
      await fill(rig.clients, { queueUrl, bodies: bodies(index) });
    await fill(rig.clients, {
      queueUrl: consumer.deadLetterQueueUrl,
      bodies: [JSON.stringify(stored.event)],
    });
    const personal = {
      error: { M: { name: { S: 'TypeError' }, message: { S: 'no stock for eve' } } },
      attemptNotes: { L: [{ S: 'eve' }] },
      digest: { S: 'abc' },
      attempts: { N: '5' },
    };
    for (const name of ['e0', 'f0'])
      await putRecord(`/shop/checkout|${name}`, { status: { S: 'FAILED' }, ...personal });
    await archive(
      objectOf([archivedOf(order('e-done', 'eve'), HOUR), archivedOf(order('e-busy', 'eve'), HOUR)], 1),
    );
    await putRecord('/shop/checkout|e-done', {
      status: { S: 'COMPLETED 2026-11-27T04:00:00.000Z' },
      ...personal,
    });
    await putRecord('/shop/checkout|e-busy', {
      status: { S: 'COMMITTED' },
      outbox: { L: [{ S: '{"eve":1}' }] },
    });
    const dry = await erase('eve', '--dry-run');
    const ended = await eraseNow('eve');
    expect(ended.code).toBe(1);
    const report = reportOf(ended);
    expect(
      report.deadLetters.map(({ owner, role, deleted }: Record<string, unknown>) => [owner, role, deleted]),
    ).toEqual([
      ['email', 'dead-letter queue', 2],
      ['email', 'undelivered queue', 1],
      ['archive', 'dead-letter queue', 1],
      ['archive', 'undelivered queue', 1],
    ]);
    const what = 'record of email for /shop/checkout|e-busy';
    const why = 'it holds events that are not published yet; run the command again later';
    expect(report).toMatchObject({ largeData: 1, records: 2, left: [{ what, why }] });
    const { largeData, records, left } = reportOf(dry);
    expect({ largeData, records, left }).toEqual({ largeData: 1, records: 2, left: [{ what, why }] });
    expect(await keys()).not.toContain(stored.key);
    for (const name of ['e0', 'e-done']) {
      const record = await recordOf(`/shop/checkout|${name}`);
      expect(JSON.stringify(record)).not.toContain('eve');
      expect(record).toMatchObject({ attempts: { N: '5' }, error: { M: { name: { S: 'TypeError' } } } });
      expect(record?.digest).toBeUndefined();
    }
    expect(await recordOf('/shop/checkout|f0')).toMatchObject(personal);
    // When the record is finished, the next run cleans it, although its event is erased already.
    await putRecord('/shop/checkout|e-busy', {
      status: { S: 'COMPLETED 2026-11-27T05:00:00.000Z' },
      ...personal,
    });
    const again = await eraseNow('eve');
    expect(again.code).toBe(0);
    expect(reportOf(again)).toMatchObject({ records: 1, left: [], archive: { events: {} } });
    expect(JSON.stringify(await recordOf('/shop/checkout|e-busy'))).not.toContain('eve');
    for (const [index, queueUrl] of urls.entries())
      expect((await drain(rig.clients, queueUrl)).map(({ Body }) => Body)).toEqual([bodies(index)[1]]);
  });

  it('names what it cannot judge, what stays because it identifies, and what waits', async () => {
    const { deadLetterQueueUrl, queueUrl } = rig.consumer;
    await fill(rig.clients, {
      queueUrl: deadLetterQueueUrl,
      bodies: ['{"not an event":"of gus"}', 'of gustav'],
    });
    await fill(rig.clients, { queueUrl, bodies: ['waits'] });
    const link = { data: undefined, dataref: 'https://orders.example.com/data/1' };
    const unjudged = await archive(
      objectOf(
        [archivedOf(order('at-a-link', '', link), HOUR), archivedOf(order('order-of-gus', 'gus'), HOUR)],
        2,
      ),
    );
    const ended = await eraseNow('gus');
    expect(ended.code).toBe(1);
    const report = reportOf(ended);
    expect(report.left).toEqual([
      {
        what: expect.stringMatching(/^dead-letter queue of email, message /),
        why: 'it is no event, but it names the person; look at it',
      },
      {
        what: expect.stringMatching(/: \/shop\/checkout\|order-of-gus$/),
        why: 'its id names the person, and identifies the event',
      },
    ]);
    expect(report.unknown).toEqual([
      {
        what: expect.stringMatching(/: \/shop\/checkout\|at-a-link$/),
        why: 'its data, which names the person, is at a link of its publisher',
      },
    ]);
    expect(report.waiting).toEqual([{ queue: 'email', messages: 1 }]);
    await Promise.all([deadLetterQueueUrl, queueUrl].map((url) => drain(rig.clients, url)));
    await remove(unjudged);
  });

  it('leaves a damaged object as it is, names it, and erases the others', async () => {
    const at = HOUR - 90_000_000;
    const damaged = objectOf([archivedOf(order('h1', 'hal'), at)], at);
    await put(damaged.key, damaged.body.subarray(0, 60));
    const whole = await archive(objectOf([archivedOf(order('h2', 'hal'), at)], at + 1));
    const ended = await eraseNow('hal', '--from', new Date(at).toISOString());
    expect(ended.code).toBe(1);
    expect(reportOf(ended).left).toEqual([
      { what: damaged.key, why: expect.stringContaining('it is no whole gzip') },
    ]);
    expect(await read(damaged.key)).toEqual(damaged.body.subarray(0, 60));
    await remove(damaged.key);
    expect((await linesOf(whole)).join('')).not.toContain('hal@');
  });

  it('removes the lines of the person from purge files, and no other byte', async () => {
    const head = (stage: string) =>
      JSON.stringify({
        fanfare: 1,
        kind: 'purge',
        at: 'x',
        data: { app: 'shop', stage, consumer: 'email', queue: 'dead-letter queue' },
      });
    const line = (event: Envelope) =>
      JSON.stringify({
        fanfare: 1,
        kind: 'purgedMessage',
        data: { messageId: event.id, body: JSON.stringify(event) },
      });
    const lines = [head('dev'), line(order('i1', 'ivy')), line(order('j1', 'joe')), '{"cut off'];
    const foreign = `${head('prod')}\n${line(order('i2', 'ivy'))}\n`;
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
    write('dead-letters-email-1.jsonl', lines.join('\n'));
    write('dead-letters-email-2.jsonl', foreign);
    write('elsewhere.jsonl', `${head('dev')}\n${line(order('i3', 'ivy'))}\n`);
    write('notes.jsonl', 'ivy');
    expect(reportOf(await erase('ivy', '--dry-run')).purgeFiles).toEqual([
      { file: join(folder, 'dead-letters-email-1.jsonl'), removed: 1 },
    ]);
    const ended = await eraseNow('ivy', '--file', 'elsewhere.jsonl');
    expect(ended.code).toBe(0);
    expect(reportOf(ended).purgeFiles.map(({ removed }: { removed: number }) => removed)).toEqual([1, 1]);
    const contentOf = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(contentOf('dead-letters-email-1.jsonl')).toBe([lines[0], lines[2], lines[3]].join('\n'));
    expect(contentOf('elsewhere.jsonl')).toBe(`${head('dev')}\n`);
    expect(contentOf('dead-letters-email-2.jsonl')).toBe(foreign);
    expect(statSync(join(folder, 'dead-letters-email-1.jsonl')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('erasing'))).toEqual([]);
  });

  it('writes a report that only its owner can read, before it begins', async () => {
    await archive(objectOf([archivedOf(order('k1', 'kim'), HOUR)], 3));
    const file = join(folder, 'report.json');
    const ended = await eraseNow('kim', '--report', file);
    expect(ended.code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      app: 'shop',
      stage: 'dev',
      ...reportOf(ended),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const taken = await archive(objectOf([archivedOf(order('k2', 'kim'), HOUR)], 4));
    expect(await eraseNow('kim', '--report', file)).toMatchObject({ code: 2 });
    expect((await linesOf(taken)).join('')).toContain('kim');
    const person = rig.begin(['erase', '--subject', 'kim', '--events', CONTRACTS, '--yes'], { cwd: folder });
    expect((await person.ended).stdout).toMatch(/^1 archived events were erased, in 1 of \d+ objects\.$/m);
    expect(readdirSync(folder).find((name) => /^erasure-.*\.json$/.test(name))).toBeDefined();
  });

  it('does nothing when it cannot ask, when the range is none, and without contracts', async () => {
    expect(await erase('lea')).toMatchObject({ code: 2 });
    expect(await eraseNow('lea', '--from', '1h', '--to', '2h')).toMatchObject({ code: 2 });
    expect(await eraseNow(' ')).toMatchObject({ code: 2 });
    const none = rig.begin(['erase', '--subject', 'lea', '--events', folder, '--yes'], { cwd: folder });
    expect(await none.ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there are no contracts in'),
    });
  });

  it('writes over no file, and says which one exists', async () => {
    const file = join(folder, 'report.json');
    writeFileSync(file, 'kept');
    const ended = await rig.run(
      'erase',
      '--subject',
      'eve',
      '--yes',
      '--events',
      CONTRACTS,
      '--report',
      file,
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(`${file} of --report exists`) });
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  it('says so when no contract names a person', async () => {
    const plain = resolve('test/apps/orders/events');
    const { code, stderr } = await rig.run('erase', '--subject', 'eve', '--dry-run', '--events', plain);
    expect(stderr).toContain('only the attribute subject of events is compared');
    expect(code).not.toBe(2);
  });
});

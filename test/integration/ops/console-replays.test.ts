import { rmSync } from 'node:fs';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsoleContext } from '../../../lib/console/console-context.ts';
import { openConsole } from '../../../lib/console/open-console.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { readDeployment } from '../../../lib/ops/deployment.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { archivedOf, eventOf, objectOf } from '../../apps/archive/archive-objects.ts';
import { eventually, itemsOf } from '../../apps/client.ts';
import { keeper, neighbour } from '../../apps/replay/consumers.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { run } from '../local/assembly.ts';

const DAY = 86_400_000;
const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/replay/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [keeper, neighbour].map((definition) => ({ definition, entry: './handler.ts' })),
});
let local: LocalStack;
let s3: S3Client;
let context: ConsoleContext;
let ask: Ask;
/** A day that no test has used. */
let day = Date.parse('2020-01-01T00:00:00Z');

beforeAll(async () => {
  local = await run(assemblyDirectory);
  const { awsEndpoint, dynamodbEndpoint } = local;
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  const clients = createOpsClients(place);
  s3 = await clients.s3();
  const deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  const publisher = createPublisher({ topicArn: deployment.topicArn, sns: clients.sns });
  context = { place, clients, deployment, publisher, contracts: [], readOnly: false };
  ask = await open();
  return () => clients.close();
});
afterAll(() => rmSync(assemblyDirectory, { recursive: true, force: true }));
beforeEach(() => {
  day += DAY;
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly id?: string };
}
type Ask = (path: string, body?: object) => Promise<Answer>;

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Opens a console of a deployment that differs so, and its session. */
async function open(different: Partial<ConsoleContext> = {}): Promise<Ask> {
  const { url, signInUrl, stop } = await openConsole({ ...context, ...different }, 0);
  stops.push(stop);
  const post = (path: string, body: object, headers: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const session = await post('/session', { token: new URL(signInUrl).hash.replace('#token=', '') }, {});
  const [cookie = ''] = (session.headers.get('set-cookie') ?? '').split(';');
  const { key } = await session.json();
  return async (path, body = {}) => {
    const answer = await post(`/api/replays${path}`, body, { cookie, 'x-fanfare-key': key });
    return { status: answer.status, body: await answer.json() };
  };
}

/** Puts notes of the day into the archive, red and blue by turns. */
async function put(prefix: string, count: number, more: (n: number) => object = () => ({})): Promise<void> {
  const { key, body } = objectOf(
    Array.from({ length: count }, (_, n) => {
      const data = { n, colour: n % 2 === 0 ? 'red' : 'blue' };
      const event = eventOf({ id: `${prefix}-${n}`, source: '/notes', type: 'notes.NoteTaken.v1', data });
      return archivedOf({ ...event, ...more(n) }, day + n);
    }),
  );
  const Bucket = local.find('shop-dev-Bus', 'Data').physicalId;
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
}

const asked = (more: object = {}): object => ({
  consumer: 'keeper',
  mode: 'fill',
  rate: 500,
  from: new Date(day).toISOString(),
  to: new Date(day + DAY).toISOString(),
  ...more,
});
const at = (time: unknown): string => new Date(Number(time)).toISOString();

/** Starts what was planned, as the page does after its plan was confirmed. */
async function start(more: object = {}): Promise<Answer> {
  const { body } = await ask('/plan', asked(more));
  return ask('/start', { ...asked(more), id: body.id, from: at(body.from), to: at(body.to) });
}

/** The replay as the list has it. */
async function listed(id: string | undefined): Promise<Record<string, unknown> | undefined> {
  const { body } = await ask('');
  return Array.isArray(body) ? body.find((replay) => replay.id === id) : undefined;
}

const ended = (id: string | undefined): Promise<void> =>
  eventually('the replay is done', async () => (await listed(id))?.status === 'done');

/** How often a consumer has acted on each note that begins so. */
async function handled(consumer: string, prefix: string): Promise<Record<string, number>> {
  const items = await itemsOf(local, `shop-dev-${consumer}`, 'NotesTable');
  const pairs = items.map((item) => [item.id?.S ?? '', Number(item.times?.N)] as const);
  return Object.fromEntries(pairs.filter(([id]) => id.startsWith(`${prefix}-`)));
}

describe('a replay that the console starts', () => {
  it('is planned without sending anything, and then sends what the plan has said to its consumer alone', async () => {
    await put('a', 6);
    const { status, body } = await ask('/plan', asked());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      consumer: 'keeper',
      mode: 'fill',
      objects: 1,
      events: 6,
      minutes: 6 / 500 / 60,
    });
    expect(body.dollars).toBeGreaterThan(0);
    expect(await listed(body.id)).toBeUndefined();
    const started = await ask('/start', asked({ id: body.id }));
    expect(started.body).toMatchObject({ id: body.id, status: 'planning' });
    expect(started.body.createdBy).toContain('@');
    await ended(body.id);
    expect(await listed(body.id)).toMatchObject({ read: 6, sent: 3, unreadable: 0 });
    const all = { 'a-0': 1, 'a-2': 1, 'a-4': 1 };
    await eventually('all are handled', async () => Object.keys(await handled('Keeper', 'a')).length === 3);
    expect(await handled('Keeper', 'a')).toEqual(all);
    expect(await handled('Neighbour', 'a')).toEqual({});
  });

  it('is one replay, also when it is started twice', async () => {
    await put('b', 2);
    const { body } = await ask('/plan', asked({ mode: 'again' }));
    const twice = [1, 2].map(() => ask('/start', asked({ mode: 'again', id: body.id })));
    expect((await Promise.all(twice)).map(({ status }) => status)).toEqual([200, 200]);
    await ended(body.id);
    await eventually('it is handled', async () => (await handled('Keeper', 'b'))['b-0'] === 1);
    expect(await listed(body.id)).toMatchObject({ sent: 1 });
  });

  it('repeats what was done only when it is told to', async () => {
    await put('c', 1);
    for (const mode of ['fill', 'fill', 'again']) await ended((await start({ mode })).body.id);
    await eventually('it is repeated', async () => (await handled('Keeper', 'c'))['c-0'] === 2);
  });

  it('keeps the subject, the correlation id and the filter policy of the search', async () => {
    await put('d', 6, (n) => ({
      subject: n < 4 ? 'mine' : 'other',
      ...(n === 2 && { correlationid: 'd-0' }),
    }));
    const one = await start({ subject: 'mine', where: '{"data":{"n":[{"numeric":[">",1]}]}}' });
    await ended(one.body.id);
    expect(await listed(one.body.id)).toMatchObject({ sent: 1 });
    const chain = await start({ correlationId: 'd-0', consumer: 'neighbour' });
    await ended(chain.body.id);
    await eventually('the chain is handled', async () => {
      return (
        Object.keys(await handled('Neighbour', 'd'))
          .toSorted()
          .join() === 'd-0,d-2'
      );
    });
  });

  it('is paused, goes on and is cancelled', async () => {
    await put('e', 400);
    const { body } = await start({ rate: 2 });
    const control = (what: string) => ask(`/${body.id}/${what}`);
    await eventually('it sends', async () => Object.keys(await handled('Keeper', 'e')).length > 0);
    expect((await control('pause')).body).toMatchObject({ id: body.id, status: 'paused' });
    expect(await control('pause')).toMatchObject({
      status: 409,
      body: { problem: 'nothing was changed: the replay is paused' },
    });
    expect((await control('resume')).body.status).toBe('planning');
    expect((await control('cancel')).body.status).toBe('cancelled');
    expect((await control('resume')).status).toBe(409);
    expect(await ask('/nothing/pause')).toMatchObject({
      status: 400,
      body: { problem: expect.stringContaining("there is no replay 'nothing'") },
    });
  });
});

describe('what is refused, with its reason', () => {
  /** The plan is refused, and so is a start without one. */
  async function expectRefused(body: object, status: number, reason: string, asking = ask): Promise<void> {
    const answer = { status, body: { problem: expect.stringContaining(reason) } };
    expect(await asking('/plan', body)).toEqual(answer);
    expect(await asking('/start', { ...body, id: 'x' })).toEqual(answer);
  }

  it.each([
    [{ consumer: 'keper' }, "there is no consumer 'keper'"],
    [{ from: 'yesterday' }, "'yesterday' is no time"],
    [{ from: '1h', to: '2h' }, 'a replay has to end after it begins'],
    [{ type: 'notes.NoteTkaen' }, 'did you mean notes.NoteTaken'],
    [{ where: '{"a":1}' }, "'a' must be a list"],
    [{ where: '{"subject":["a"]}', subject: 'b' }, "the filter policy has 'subject' already"],
    [{ rate: 0 }, 'at rate'],
    [{ rate: 10_001 }, 'at rate'],
    [{ mode: 'twice' }, 'at mode'],
  ])('%j', async (more, reason) => {
    await expectRefused(asked(more), 400, reason);
  });

  it('a fill beyond what the consumer remembers', async () => {
    const { dynamodb } = context.clients;
    const old = async (): Promise<object> => ({
      Table: { CreationDateTime: new Date(Date.now() - 100 * DAY) },
    });
    const clients = { ...context.clients, dynamodb: Object.assign(Object.create(dynamodb), { send: old }) };
    const asking = await open({ clients });
    await expectRefused(asked(), 409, 'would act on it twice', asking);
  });

  it('again, to a consumer that refuses it', async () => {
    const consumers = context.deployment.consumers.map((one) => ({ ...one, replay: 'refuse' as const }));
    const asking = await open({ deployment: { ...context.deployment, consumers } });
    const reason = 'keeper refuses that its effects are repeated';
    await expectRefused(asked({ mode: 'again' }), 409, reason, asking);
  });

  it('a bus without an archive', async () => {
    const deployment = { ...context.deployment, archives: [], replays: undefined };
    const asking = await open({ deployment });
    const reason = 'it has no archive; deploy it with -c archive=on';
    await expectRefused(asked(), 409, reason, asking);
    expect(await asking('')).toEqual({ status: 409, body: { problem: expect.stringContaining(reason) } });
  });

  it('everything but looking, when the console is read-only', async () => {
    const asking = await open({ readOnly: true });
    expect((await asking('')).status).toBe(200);
    for (const path of ['/plan', '/start', '/x/pause', '/x/resume', '/x/cancel'])
      expect([path, (await asking(path, asked({ id: 'x' }))).status]).toEqual([path, 404]);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type BackfillAnswer,
  type BackfillEvent,
  type BackfillProperties,
  createBackfillHandler,
  FILTER_DELAY_MS,
} from '../../../lib/archive/backfill/backfill.ts';
import { createBackfillPorts } from '../../../lib/archive/backfill/backfill-ports.ts';
import { systemClock } from '../../../lib/aws/clock.ts';
import { archivedOf, eventOf, objectOf } from '../../apps/archive/archive-objects.ts';
import { idOf } from '../local/assembly.ts';
import { type ReplayRig, startReplayRig } from './rig.ts';

let rig: ReplayRig;
let cloudFormation: Server;
/** What CloudFormation was told, and with which headers. */
let answers: { readonly answer: BackfillAnswer; readonly contentType: string | undefined }[];
/** How many answers it refuses first. */
let refusals: number;

beforeAll(async () => {
  rig = await startReplayRig();
  cloudFormation = createServer(async (request, response) => {
    const body = await text(request);
    if (refusals > 0) {
      refusals -= 1;
      response.writeHead(503).end();
      return;
    }
    answers.push({ answer: JSON.parse(body), contentType: request.headers['content-type'] });
    response.end();
  });
  await new Promise<void>((listening) => cloudFormation.listen(0, '127.0.0.1', listening));
});
beforeEach(() => {
  answers = [];
  refusals = 0;
});
afterAll(() => cloudFormation?.close());

let requests = 0;

/** What CloudFormation sends. @param now what the clock of the function says @param knowsSince when the idempotency table was created */
async function call(
  change: Partial<BackfillEvent> = {},
  {
    properties = {},
    now = Date.now(),
    knowsSince,
  }: { properties?: Partial<BackfillProperties>; now?: number; knowsSince?: number } = {},
): Promise<BackfillAnswer> {
  const { port } = cloudFormation.address() as AddressInfo;
  const clock = { ...systemClock, now: () => now, sleep: async () => undefined };
  const { table, queue } = rig.ports;
  const ports = createBackfillPorts({ ...rig.local, clock, random: () => 0 });
  const knownSince = knowsSince === undefined ? ports.knownSince : async () => knowsSince;
  await createBackfillHandler({ ...ports, knownSince, table, queue, clock, filterDelayMs: FILTER_DELAY_MS })({
    RequestType: 'Create',
    RequestId: `request-${++requests}`,
    ResponseURL: `http://127.0.0.1:${port}/`,
    StackId: 'stack',
    LogicalResourceId: 'StartFrom',
    ResourceProperties: {
      consumer: 'keeper',
      queueUrl: rig.queueUrl,
      types: ['shop.OrderPlaced.v1'],
      filterPolicy: JSON.stringify({ type: ['shop.OrderPlaced.v1'] }),
      filterPolicyScope: 'MessageAttributes',
      startFrom: 'beginning',
      idempotencyTable: idOf(rig.local, 'Table'),
      ...properties,
    },
    ...change,
  });
  const { answer } = answers.at(-1) ?? expect.fail('CloudFormation has no answer');
  return answer;
}

const stateOf = (id: string) => rig.ports.table.read(id);
const count = async () => (await rig.ports.table.latest(100)).length;

describe('the creation of a consumer that starts with archived events', () => {
  it('starts a fill of all that its filter takes, up to a quarter of an hour from now', async () => {
    const yesterday = Date.now() - 86_400_000;
    const lines = [eventOf({ id: 'old-1' }), eventOf({ id: 'old-2', type: 'shop.Other.v1' })];
    await rig.put(objectOf(lines.map((event) => archivedOf(event, yesterday))));
    const now = Date.now();
    const answer = await call({}, { now });
    expect(answer).toMatchObject({ Status: 'SUCCESS', StackId: 'stack', LogicalResourceId: 'StartFrom' });
    expect(answer.RequestId).toBe(`request-${requests}`);
    const { PhysicalResourceId: id } = answer;
    const types = ['shop.OrderPlaced.v1'];
    const range = { mode: 'fill', from: 0, to: now + 15 * 60_000, consumer: 'keeper', types };
    expect(await stateOf(id)).toMatchObject({
      ...range,
      status: 'planning',
      createdBy: 'startFrom of keeper',
    });
    await rig.work();
    const sent = await rig.take(rig.queueUrl);
    expect(sent.map(({ Body = '{}' }) => JSON.parse(Body).id)).toEqual(['old-1']);
    expect(sent[0]?.MessageAttributes).toMatchObject({
      replay: { StringValue: id },
      replaymode: { StringValue: 'fill' },
    });
  });

  it('starts at a time when it says one', async () => {
    const from = Date.now() - 3_600_000;
    const startFrom = new Date(from).toISOString();
    const { PhysicalResourceId: id } = await call({}, { properties: { startFrom } });
    expect(await stateOf(id)).toMatchObject({ from });
  });

  it('that is asked for twice starts one replay', async () => {
    const first = await call({ RequestId: 'same' });
    const before = await count();
    const second = await call({ RequestId: 'same' });
    expect(second).toEqual(first);
    expect(await count()).toBe(before);
  });

  it('is answered without a content type, for which its URL is not signed, also when S3 is busy', async () => {
    refusals = 3;
    expect(await call()).toMatchObject({ Status: 'SUCCESS' });
    expect(answers).toEqual([{ answer: expect.anything(), contentType: undefined }]);
  });

  it('is tried again by Lambda when there can be no answer', async () => {
    refusals = 100;
    await expect(call()).rejects.toThrow('the answer to CloudFormation was refused with 503');
  });
});

describe('the deployment fails, with the reason, when', () => {
  it.each<[string, Partial<BackfillProperties>, RegExp]>([
    ['it starts in the future', { startFrom: '2999-01-01T00:00:00Z' }, /2999-01-01.* is no time in the past/],
    ['its time is none', { startFrom: 'tomorrow' }, /startFrom of keeper is tomorrow/],
    ['its filter is none', { filterPolicy: '{' }, /JSON/],
    ['its filter is no object', { filterPolicy: 'null' }, /^the filter policy of keeper is no JSON object/],
    ['its table does not exist', { idempotencyTable: 'none' }, /./],
    ['its queue does not exist', { queueUrl: 'http://127.0.0.1/000000000000/none' }, /./],
  ])('%s', async (_, properties, reason) => {
    const before = await count();
    const answer = await call({}, { properties });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'none' });
    expect(answer.Reason).toMatch(reason);
    expect(await count()).toBe(before);
  });

  it('its table is older than its records, which do not say what it did before, however young its queue is', async () => {
    const now = Date.now();
    const knowsSince = now - 100 * 86_400_000;
    const { Status, Reason } = await call({}, { now, knowsSince });
    expect({ Status, Reason }).toEqual({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^keeper may no longer know what it did before 20.*; give startFrom a later time, or remove it/,
      ),
    });
    const startFrom = new Date(now - 19 * 86_400_000).toISOString();
    const { PhysicalResourceId: id } = await call({}, { now, knowsSince, properties: { startFrom } });
    expect(await stateOf(id)).toMatchObject({ knowsSince });
  });
});

it('a young table knows everything, however old the queue is', async () => {
  const now = Date.now() + 29 * 86_400_000;
  expect(await call({}, { now, knowsSince: now - 86_400_000 })).toMatchObject({ Status: 'SUCCESS' });
  expect(await call({}, { now })).toMatchObject({ Status: 'FAILED' });
});

it('a change of the consumer starts nothing', async () => {
  const before = await count();
  const answer = await call({ RequestType: 'Update', PhysicalResourceId: 'r-1' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'r-1' });
  expect(await count()).toBe(before);
});

describe('with the consumer', () => {
  it('its replay ends, because its queue is gone', async () => {
    const { PhysicalResourceId } = await call();
    expect(await call({ RequestType: 'Delete', PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS' });
    expect(await stateOf(PhysicalResourceId)).toMatchObject({ status: 'cancelled' });
  });

  it.each(['none', '20261127t045442-3f9a2c'])('goes nothing when there is no replay %s', async (id) => {
    const answer = await call({ RequestType: 'Delete', PhysicalResourceId: id });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  });
});

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { largeDataKey } from '../../lib/contracts/envelope/large-data.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createPublisher } from '../../lib/publishing/client/create-publisher.ts';
import { deadLettersOf, eventually, itemsOf, post } from '../apps/client.ts';
import { reader } from '../apps/reports/consumer.ts';
import { ReportFiled } from '../apps/reports/events.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const MEGABYTE = 1_000_000;
const READER = 'shop-dev-Reader';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const assemblyDirectory = synthesizeApp({
  base: new URL('../apps/reports/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: reader, entry: './handler.ts' }],
});
/** What the archive answers, by path. */
const archive = new Map<
  string,
  { readonly status: number; readonly body?: string; readonly location?: string }
>();
let server: Server;
let origin: string;
let local: LocalStack;
let s3: S3Client;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body, location } = archive.get(request.url ?? '') ?? { status: 404 };
    response.writeHead(status, { ...(location !== undefined && { location }) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { ARCHIVE_ORIGIN: origin },
    log: () => undefined,
  });
  s3 = new S3Client({
    endpoint: local.awsEndpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: CREDENTIALS,
  });
});

afterAll(async () => {
  await local.stop();
  server.closeAllConnections();
  server.close();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const bucket = (): string => local.find('shop-dev-Bus', 'Data').physicalId;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the reader has noted of an event, once it has. */
async function noteOf(id: string) {
  let found: Awaited<ReturnType<typeof itemsOf>>[number] | undefined;
  await eventually(`${id} is read`, async () => {
    found = (await itemsOf(local, READER, 'NotesTable')).find((item) => item.id?.S === id);
    return found !== undefined;
  });
  return { remark: found?.remark?.S, hash: found?.hash?.S, readings: found?.readings?.N };
}

/** Why an event lies in the dead-letter queue, once it does. */
async function reasonOf(id: string): Promise<string> {
  let reason = '';
  await eventually(`${id} is a dead letter`, async () => {
    const letter = (await deadLettersOf(local, READER)).find(({ Body = '{}' }) => JSON.parse(Body).id === id);
    const { errorName, errorMessage } = letter?.MessageAttributes ?? {};
    reason = letter ? `${errorName?.StringValue}: ${errorMessage?.StringValue}` : '';
    return letter !== undefined;
  });
  return reason;
}

describe('an event whose data is too large for a message', () => {
  const text = 'Dear reader, "this" is a long report.\n'.repeat((4.4 * MEGABYTE) / 40);

  it('is taken over HTTP, and reaches the handler as if it had come by itself, once', async () => {
    const event = { id: 'large', type: 'office.ReportFiled.v2', data: { text, pages: 5_000 } };
    expect(JSON.stringify(event).length).toBeGreaterThan(4.5 * MEGABYTE);
    expect(await post(local, event)).toMatchObject({ status: 202 });
    expect(await post(local, event)).toMatchObject({ status: 202 });
    expect(await noteOf('large')).toEqual({
      remark: '5000 pages, no link',
      hash: hashOf(text),
      readings: '1',
    });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket(), Prefix: 'large/' }));
    expect(Contents).toHaveLength(1);
  });

  it('is upcast like any other', async () => {
    expect(await post(local, { id: 'old', type: 'office.ReportFiled.v1', data: { text } })).toMatchObject({
      status: 202,
    });
    expect(await noteOf('old')).toMatchObject({ remark: `${Math.ceil(text.length / 1_000)} pages, no link` });
  });

  it('is taken by the typed publisher that writes to the topic itself', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', local.awsEndpoint);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', local.awsEndpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
    const topicArn = local.find('shop-dev-Bus', 'Bus/Topic').physicalId;
    const publisher = createPublisher({ topicArn, dataBucket: bucket(), source: '/test' });
    await publisher.publish(ReportFiled, { text, pages: 1 }, { id: 'typed' });
    expect(await noteOf('typed')).toMatchObject({ hash: hashOf(text) });
    const without = createPublisher({ topicArn, source: '/test' });
    await expect(without.publish(ReportFiled, { text, pages: 1 })).rejects.toThrow('at most 262144');
    vi.unstubAllEnvs();
  });

  it('is a dead letter with its reason when its data has expired, or was changed', async () => {
    const stored = JSON.stringify({ text: 'Dear reader', pages: 1 });
    const changed = claimOf('changed', stored);
    await s3.send(
      new PutObjectCommand({ Bucket: bucket(), Key: changed.key, Body: stored.replace('Dear', 'Deaf') }),
    );
    await toTopic(changed.event);
    expect(await reasonOf('changed')).toMatch(/^DataUnavailableError: .* was replaced/);
    await toTopic(claimOf('expired', stored).event);
    expect(await reasonOf('expired')).toMatch(/^DataUnavailableError: .* has expired or was deleted/);
  });

  it('leads to no other bucket and to no data of another event, whoever wrote it', async () => {
    const { event, key } = claimOf('elsewhere', '{}');
    await toTopic({ ...event, dataref: `s3://another-bucket/${key}` });
    expect(await reasonOf('elsewhere')).toMatch(/^DataUnavailableError: .* a bucket that is not the bus's/);
    await toTopic({ ...event, id: 'crafted' });
    expect(await reasonOf('crafted')).toMatch(/^UnreadableEventError: .* the bus has not made this link/);
    const former = { ...event, id: 'former', dataref: `s3://${bucket()}/events/a/b` };
    await toTopic(former);
    expect(await reasonOf('former')).toMatch(
      /^UnreadableEventError: .* an earlier version of Fanfare, so publish the event again/,
    );
  });

  it('is refused with its size when it is larger than the API takes, or has the link already', async () => {
    const big = { text: 'x'.repeat(MEGABYTE), pages: 1 };
    const type = 'office.ReportFiled.v2';
    const archived = { type: 'office.ReportArchived.v1', data: big, dataref: `${origin}/1` };
    expect(await post(local, archived)).toMatchObject({
      status: 413,
      body: { errors: [{ detail: expect.stringContaining('a link') }] },
    });
    const wide = await post(local, { type, data: { text: '', pages: 1 }, comment: 'x'.repeat(300_000) });
    expect(wide).toMatchObject({
      status: 413,
      body: { errors: [{ detail: expect.stringContaining('beside its data') }] },
    });
    const forged = await post(local, { type, dataref: `s3://${bucket()}/events/a/b`, datasize: 1 });
    expect(forged).toMatchObject({ status: 400, body: { errors: [{ pointer: '/dataref' }] } });
  });
});

describe('an event that carries a link', () => {
  const type = 'office.ReportArchived.v1';
  const link = (path: string): object => ({ id: path, type, dataref: `${origin}/${path}` });

  it('is resolved by its handler: what lies there is checked as data is', async () => {
    archive.set('/good', { status: 200, body: JSON.stringify({ text: 'good' }) });
    expect(await post(local, link('good'))).toMatchObject({ status: 202 });
    expect(await noteOf('good')).toEqual({ remark: 'archived', hash: hashOf('good'), readings: '1' });
  });

  it('may carry its data after all', async () => {
    expect(await post(local, { id: 'inline', type, data: { text: 'here' } })).toMatchObject({ status: 202 });
    expect(await noteOf('inline')).toMatchObject({ hash: hashOf('here') });
  });

  it('is tried again while nobody answers', async () => {
    archive.set('/late', { status: 503 });
    await post(local, link('late'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    archive.set('/late', { status: 200, body: JSON.stringify({ text: 'late' }) });
    expect(await noteOf('late')).toMatchObject({ hash: hashOf('late') });
  });

  it.each([
    ['missing', { status: 404 }, /answers 404/],
    ['moved', { status: 302, location: 'http://169.254.169.254/' }, /answers 302/],
    ['broken', { status: 200, body: '{"text":1}' }, /^UnreadableEventError: .* breaks its contract/],
    ['no-json', { status: 200, body: '<html>' }, /^DataUnavailableError: the data at .* is not valid JSON/],
    ['endless', { status: 200, body: 'x'.repeat(6_000_001) }, /more than 6000000 bytes/],
  ])('is a dead letter with its reason when what lies there is %s', async (path, answer, reason) => {
    archive.set(`/${path}`, answer);
    await post(local, link(path));
    expect(await reasonOf(path)).toMatch(reason);
  });

  it('is refused when it leads where the contract does not allow, at the door and behind it', async () => {
    const wrong = { id: 'wrong', type, dataref: 'https://evil.example.com/1' };
    expect(await post(local, wrong)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/dataref' }] },
    });
    await toTopic(wrong);
    expect(await reasonOf('wrong')).toMatch(/^UnreadableEventError: \/dataref is a link to/);
    const none = { id: 'none', type: 'office.ReportFiled.v2', dataref: `${origin}/good` };
    expect(await post(local, none)).toMatchObject({
      status: 400,
      body: { errors: [{ detail: expect.stringContaining('the contract allows no links') }] },
    });
  });
});

/** An event as somebody might claim data for it, and where that has to lie. */
function claimOf(id: string, stored: string) {
  const event = { id, source: '/test', type: 'office.ReportFiled.v2' };
  const datasha256 = hashOf(stored);
  const key = largeDataKey(event, datasha256);
  return {
    key,
    event: { ...event, dataref: `s3://${bucket()}/${key}`, datasize: stored.length, datasha256 },
  };
}

/** Publishes past the door, as whoever may write to the topic can. */
async function toTopic(event: object): Promise<void> {
  const whole = { specversion: '1.0', source: '/test', type: 'office.ReportFiled.v2', ...event };
  await local.sns.send(
    new PublishCommand({
      TopicArn: local.find('shop-dev-Bus', 'Bus/Topic').physicalId,
      Message: JSON.stringify(whole),
      MessageAttributes: { type: { DataType: 'String', StringValue: whole.type } },
    }),
  );
}

import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { purge } from '../../../lib/ops/dead-letters/purge.ts';
import { restore } from '../../../lib/ops/dead-letters/restore.ts';
import { drain, eventText, fill, type Rig, startRig, text } from './rig.ts';

let rig: Rig;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-restore-'));
  file = join(folder, 'purged.jsonl');
});

afterEach(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true, force: true });
});

const waiting = async (queueUrl: string) => (await countMessages(rig.clients, queueUrl)).waiting;
const range = (count: number) => Array.from({ length: count }, (_, index) => `e-${index}`);
const restoreFile = (more: object = {}) => restore(rig.clients, rig.deployment, { file, ...more });

async function purgeSome(count: number, more: object = {}, undelivered = false): Promise<void> {
  const queue = deadLetterQueueOf(rig.consumer, undelivered);
  await fill(rig.clients, { queueUrl: queue.url, bodies: range(count).map((id) => eventText(id)), ...more });
  const result = await purge(rig.clients, queue, { selection: {}, file });
  expect(result).toMatchObject({ purged: count, refused: [] });
}

describe('a message that was purged', () => {
  const attributes = {
    type: text('shop.OrderPlaced.v1'),
    weight: { DataType: 'Number.float', StringValue: '1.5' },
    digest: { DataType: 'Binary.sha256', BinaryValue: Uint8Array.from([0, 255, 128]) },
  };

  it.each([
    ['dead-letter', false],
    ['undelivered', true],
  ])('from the %s queue comes back as it was, without its reason', async (_, undelivered) => {
    rig = await startRig();
    const reason = { errorName: text('Timeout'), errorMessage: text('it is slow') };
    await purgeSome(3, { attributes: { ...attributes, ...(!undelivered && reason) } }, undelivered);
    expect(await restoreFile()).toMatchObject({ consumer: 'email', total: 3, restored: 3, refused: [] });
    const messages = await drain(rig.clients, rig.consumer.queueUrl);
    expect(messages.map(({ Body }) => Body).toSorted()).toEqual(range(3).map((id) => eventText(id)));
    expect(messages.map(({ MessageAttributes }) => MessageAttributes)).toEqual(Array(3).fill(attributes));
  });

  it('from a FIFO queue comes back to its message group, in its order', async () => {
    rig = await startRig({ fifo: true });
    await purgeSome(12, { groupOf: (index: number) => `group-${index % 2}` });
    expect(await restoreFile()).toMatchObject({ restored: 12, refused: [] });
    const messages = await drain(rig.clients, rig.consumer.queueUrl);
    const groups = Map.groupBy(messages, ({ Attributes }) => Attributes?.MessageGroupId);
    expect([...groups.keys()].toSorted()).toEqual(['group-0', 'group-1']);
    const even = groups.get('group-0')?.map(({ Body = '' }) => JSON.parse(Body).id);
    expect(even).toEqual(['e-0', 'e-2', 'e-4', 'e-6', 'e-8', 'e-10']);
  });
});

describe('a restore', () => {
  beforeEach(async () => {
    rig = await startRig();
    await purgeSome(25);
  });

  it('sends nothing twice: not when it is run again, nor when it was stopped', async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    expect(await restoreFile({ signal: stop.signal, onProgress })).toMatchObject({
      restored: 10,
      stopped: true,
    });
    expect(await restoreFile()).toMatchObject({ before: 10, restored: 15, stopped: false });
    expect(await restoreFile()).toMatchObject({ before: 25, restored: 0 });
    expect(await waiting(rig.consumer.queueUrl)).toBe(25);
    expect(statSync(`${file}.restored`).mode & 0o777).toBe(0o600);
  });

  it('goes on with what SQS has refused before', async () => {
    const limit = (MaximumMessageSize: string) =>
      rig.clients.sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: rig.consumer.queueUrl,
          Attributes: { MaximumMessageSize },
        }),
      );
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const large = JSON.parse(lines.at(-1) ?? '');
    const data = { ...large.data, messageId: 'large', body: 'x'.repeat(2_000) };
    appendFileSync(file, `${JSON.stringify({ ...large, data })}\n`);
    await limit('1024');
    expect(await restoreFile()).toMatchObject({ restored: 25, refused: [{ messageId: 'large' }] });
    await limit('262144');
    expect(await restoreFile()).toMatchObject({ before: 25, restored: 1, refused: [] });
  });

  it('leaves a last line out that is cut off: its message was not deleted', async () => {
    truncateSync(file, statSync(file).size - 5);
    expect(await restoreFile()).toMatchObject({ total: 24, restored: 24 });
  });

  it('sends a last line that has lost only its end: its message was deleted', async () => {
    truncateSync(file, statSync(file).size - 1);
    expect(await restoreFile()).toMatchObject({ total: 25, restored: 25 });
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['is not a purge file', () => ['{"orderId":1}'], 'is not a purge file'],
    ['is empty', () => [], 'is empty'],
    ['is no JSON', () => ['order'], 'it is not JSON'],
    ['has a line that is no message', (lines) => lines.with(20, '{}'), 'line 21'],
    ['has a line that is no JSON', (lines) => lines.with(20, lines[20]?.slice(9) ?? ''), 'line 21'],
    ['is of another stage', (lines) => lines.with(0, lines[0]?.replace('dev', 'prod') ?? ''), '--stage prod'],
    [
      'is of a consumer that is not there',
      (lines) => lines.with(0, lines[0]?.replace('email', 'loyalty') ?? ''),
      "there is no consumer 'loyalty'; there are email",
    ],
  ])('sends nothing of a file that %s', async (_, break_, message) => {
    const lines = break_(readFileSync(file, 'utf8').trim().split('\n'));
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    await expect(restoreFile()).rejects.toThrow(message);
    expect(await waiting(rig.consumer.queueUrl)).toBe(0);
  });

  it('says what it would do, and then does it', async () => {
    const dry = await rig.run('dlq', 'restore', file, '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('25 of 25 purged messages would be sent to the queue of email'),
    });
    expect(await waiting(rig.consumer.queueUrl)).toBe(0);
    const { code, stdout } = await rig.run('dlq', 'restore', file);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '25 of 25 purged messages were sent to the queue of email.\n',
    });
    expect(await waiting(rig.consumer.queueUrl)).toBe(25);
  });
});

describe('a purge', () => {
  it('leaves no file where it has deleted nothing', async () => {
    rig = await startRig();
    const queue = deadLetterQueueOf(rig.consumer);
    await purge(rig.clients, queue, { selection: { errorName: 'No' }, file });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that fails in the middle says how many it has deleted, and where they are', async () => {
    rig = await startRig();
    const queue = deadLetterQueueOf(rig.consumer);
    await fill(rig.clients, { queueUrl: queue.url, bodies: range(25).map((id) => eventText(id)) });
    const onProgress = (): void => {
      throw new Error('the terminal is broken');
    };
    await expect(purge(rig.clients, queue, { selection: {}, file, onProgress })).rejects.toThrow(
      `the purge failed after 10 messages were written to ${file} and deleted: the terminal is broken`,
    );
    expect(await waiting(queue.url)).toBe(15);
  });

  it.each([
    ['purge', ['email', '--yes', '--file', '']],
    ['show', ['email', '']],
    ['edit', ['email', '', '--data', '{}']],
  ])('%s refuses a text that is empty', async (command, args) => {
    rig = await startRig();
    expect(await rig.run('dlq', command, ...args)).toMatchObject({ code: 2 });
  });

  it('of one message, by its id, deletes it alone; a dry run deletes none', async () => {
    rig = await startRig();
    await fill(rig.clients, {
      queueUrl: rig.consumer.deadLetterQueueUrl,
      bodies: range(3).map((id) => eventText(id)),
    });
    const [first = ''] = (await rig.run('dlq', 'list', 'email', '--json')).stdout.split('\n');
    const { messageId } = JSON.parse(first).data;
    const dry = await rig.run('dlq', 'purge', 'email', messageId, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('1 dead letter would be deleted') });
    expect(await waiting(rig.consumer.deadLetterQueueUrl)).toBe(3);
    const { code, stdout } = await rig.run('dlq', 'purge', 'email', messageId, '--yes', '--file', file);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `1 dead letter of email was written to ${file} and deleted.\nSend them back: npx fanfare dlq restore ${file}\n`,
    });
    expect(await waiting(rig.consumer.deadLetterQueueUrl)).toBe(2);
    expect(readFileSync(file, 'utf8')).toContain(messageId);
  });

  it('of nothing names no file', async () => {
    rig = await startRig();
    const purged = await rig.run('dlq', 'purge', 'email', '--error', 'Nope', '--yes', '--file', file);
    expect(purged.stdout).toBe('0 dead letters of email were deleted.\n');
    const asJson = await rig.run('dlq', 'purge', 'email', '--error', 'Nope', '--yes', '--json');
    expect(JSON.parse(asJson.stdout).data).not.toHaveProperty('file');
  });

  it('says how many it would delete and why, asks, and takes anything but a yes for a no', async () => {
    rig = await startRig();
    const { deadLetterQueueUrl } = rig.consumer;
    const bodies = range(12).map((id) => eventText(id));
    await fill(rig.clients, {
      queueUrl: deadLetterQueueUrl,
      bodies,
      attributes: { errorName: text('Timeout') },
    });
    // A terminal to ask at.
    const env = { NODE_OPTIONS: '--import=data:text/javascript,process.stdin.isTTY=true' };
    const answered = (answer: string) => {
      const purging = rig.begin(['dlq', 'purge', 'email', '--error', 'Timeout', '--file', file], { env });
      purging.type(answer);
      return purging.ended;
    };
    const no = await answered('\n');
    expect(no.stderr).toMatch(/ 12 {2}shop\.OrderPlaced\.v1 {2}Timeout/);
    expect(no.stderr).toContain('Delete 12 dead letters of email (stage dev of shop)? [y/N]');
    expect({ code: no.code, left: await waiting(deadLetterQueueUrl) }).toEqual({ code: 1, left: 12 });
    expect(await answered('y\n')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('12 dead letters'),
    });
    expect(await waiting(deadLetterQueueUrl)).toBe(0);
  });

  describe('that asks', () => {
    // A terminal to ask at.
    const env = { NODE_OPTIONS: '--import=data:text/javascript,process.stdin.isTTY=true' };
    const begin = (...choice: readonly string[]) =>
      rig.begin(['dlq', 'purge', 'email', ...choice, '--file', file], { env });

    beforeEach(async () => {
      rig = await startRig();
      const bodies = range(3).map((id) => eventText(id));
      await fill(rig.clients, { queueUrl: rig.consumer.deadLetterQueueUrl, bodies });
    });

    it('says before what it has not found, and ends with 1', async () => {
      const [first = ''] = (await rig.run('dlq', 'list', 'email', '--json')).stdout.split('\n');
      const purging = begin(JSON.parse(first).data.messageId, 'no-such-message');
      purging.type('y\n');
      const { code, stderr } = await purging.ended;
      expect(stderr).toMatch(/no message no-such-message\.[\s\S]*Delete 1 dead letter of email/);
      expect({ code, left: await waiting(rig.consumer.deadLetterQueueUrl) }).toEqual({ code: 1, left: 2 });
    });

    it('takes Ctrl-D for a no', async () => {
      const purging = begin();
      purging.type('');
      expect(await purging.ended).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Nothing was deleted.'),
      });
      expect(await waiting(rig.consumer.deadLetterQueueUrl)).toBe(3);
    });

    it('ends with 1 when another reader had some while it counted', async () => {
      const QueueUrl = rig.consumer.deadLetterQueueUrl;
      await rig.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
      const purging = begin();
      purging.type('y\n');
      expect(await purging.ended).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('2 dead letters'),
      });
    });
  });
});

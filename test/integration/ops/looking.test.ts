import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeMessageVisibilityBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { lookThrough } from '../../../lib/ops/dead-letters/look-through.ts';
import { eventually } from '../../apps/client.ts';
import { eventText, fill, type Rig, type Running, startRig, text } from './rig.ts';

const MANY = 600;
const folder = mkdtempSync(join(tmpdir(), 'fanfare-looking-'));
let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  const bodies = Array.from({ length: MANY }, (_, index) => eventText(`e-${index}`));
  const attributes = { errorName: text('Timeout'), errorMessage: text('it is slow') };
  for (const queueUrl of [rig.consumer.deadLetterQueueUrl, rig.consumer.undeliveredQueueUrl])
    await fill(rig.clients, { queueUrl, bodies, attributes });
});

afterAll(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true, force: true });
});

const count = (queueUrl = rig.consumer.deadLetterQueueUrl) => countMessages(rig.clients, queueUrl);

const stop = (signal: NodeJS.Signals) => (look: Running) => look.kill(signal);

it.each<[string, readonly string[], (look: Running) => void, number]>([
  ['list ends by Ctrl-C', ['list', 'email', '--json'], stop('SIGINT'), 130],
  ['list ends by a closed terminal', ['list', 'email', '--json'], stop('SIGHUP'), 129],
  ['show ends by SIGTERM', ['show', 'email', 'no-such-message'], stop('SIGTERM'), 143],
  ['redrive ends by SIGTERM', ['redrive', 'email', '--error', 'NoSuchError'], stop('SIGTERM'), 143],
  ['purge ends by a closed terminal', ['purge', 'email', '--error', 'No', '--yes'], stop('SIGHUP'), 129],
  ['edit ends by Ctrl-C', ['edit', 'email', 'no-such-message', '--data', '{}'], stop('SIGINT'), 130],
])('a look of %s, and leaves nothing hidden', async (_, args, end, code) => {
  const look = rig.begin(['dlq', ...args], { cwd: folder });
  await eventually('it holds some', async () => (await count()).inFlight > 0);
  end(look);
  expect(await look.ended).toMatchObject({ code });
  expect(await count()).toMatchObject({ waiting: MANY, inFlight: 0 });
});

it('a message that does not fit the options is not said to be missing', async () => {
  const [first = ''] = (await rig.run('dlq', 'list', 'email', '--limit', '1', '--json')).stdout.split('\n');
  const { messageId } = JSON.parse(first).data;
  const { code, stderr } = await rig.run('dlq', 'redrive', 'email', messageId, '--error', 'Other');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(`Message ${messageId} is in the queue, but does not match the options.`),
  });
});

it('a list whose output nobody reads any more ends, and leaves nothing hidden', async () => {
  const look = rig.begin(['dlq', 'list', 'email', '--json']);
  await eventually('it writes', () => look.output.stdout !== '');
  look.closeOutput();
  expect(await look.ended).toMatchObject({ code: 141, stderr: '' });
  expect(await count()).toMatchObject({ waiting: MANY, inFlight: 0 });
});

it('a look at what SNS could not deliver leaves nothing hidden either', async () => {
  const { undeliveredQueueUrl } = rig.consumer;
  const look = rig.begin(['dlq', 'list', 'email', '--undelivered', '--json']);
  await eventually('it holds some', async () => (await count(undeliveredQueueUrl)).inFlight > 0);
  look.kill('SIGTERM');
  expect(await look.ended).toMatchObject({ code: 143 });
  expect(await count(undeliveredQueueUrl)).toMatchObject({ waiting: MANY, inFlight: 0 });
});

describe('while another reader has some', () => {
  const SOME = 7;

  it('a list says how many it has not seen, and until when at most', async () => {
    const release = await receiveSome(SOME);
    const { code, stderr } = await rig.run('dlq', 'list', 'email');
    expect(stderr).toMatch(
      new RegExp(
        `${MANY - SOME} of ${MANY} read; ${SOME} are with another reader until \\d\\d:\\d\\d UTC if .* at most until \\d\\d:\\d\\d UTC`,
      ),
    );
    expect(code).toBe(3);
    const listed = await rig.run('dlq', 'list', 'email', '--json', '--limit', '1');
    expect(listed.code).toBe(0);
    await release();
  });

  it.each([
    ['show', [], 'are with another reader'],
    ['edit', ['--data', '{}'], 'could not be read'],
  ])('%s cannot tell of a message that is not found: it may be with them', async (command, more, says) => {
    const release = await receiveSome(SOME);
    const { code, stderr } = await rig.run('dlq', command, 'email', 'no-such-message', ...more);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`${SOME} ${says}`) });
    await release();
  });

  it.each([
    ['list', []],
    ['redrive', []],
    ['redrive', ['--dry-run']],
    ['purge', ['--yes']],
  ])('a %s of a message that may be with them does not say that there is none: %j', async (command, more) => {
    const release = await receiveSome(SOME);
    const args = ['dlq', command, 'email', 'no-such-message', ...more];
    const { stderr } = await rig.begin(args, { cwd: folder }).ended;
    expect(stderr).toContain('Message no-such-message was not found.');
    await release();
  });

  it('two looks at once share the messages, and their counts add up', async () => {
    const looks = await Promise.all(
      ['a', 'b'].map(() =>
        lookThrough(rig.clients, deadLetterQueueOf(rig.consumer), { visit: async () => 'next' }),
      ),
    );
    // One that the other look has just shown again is neither seen nor with another reader.
    for (const { seen, total, withOthers, notHandedOut } of looks)
      expect({ total, sum: seen + withOthers + notHandedOut }).toEqual({ total: MANY, sum: MANY });
    expect(await count()).toMatchObject({ waiting: MANY, inFlight: 0 });
  });

  it.each([
    ['all', []],
    ['a selection', ['--error', 'Timeout']],
  ])('a redrive of %s says that it leaves them, and ends with 1', async (_, choice) => {
    const before = await count();
    const release = await receiveSome(SOME);
    const { code, stdout, stderr } = await rig.run('dlq', 'redrive', 'email', ...choice);
    expect(stdout).toContain(`${before.waiting - SOME} dead letters were sent back`);
    expect(stderr).toContain(`${SOME} dead letters not moved`);
    expect(code).toBe(1);
    await release();
    expect(await count()).toMatchObject({ waiting: SOME, inFlight: 0 });
    await fill(rig.clients, {
      queueUrl: rig.consumer.deadLetterQueueUrl,
      bodies: Array.from({ length: 50 }, (_, index) => eventText(`more-${index}`)),
      attributes: { errorName: text('Timeout') },
    });
  });
});

/** Hides some messages, as another reader does. @returns what shows them again */
async function receiveSome(some: number): Promise<() => Promise<void>> {
  const { sqs } = rig.clients;
  const QueueUrl = rig.consumer.deadLetterQueueUrl;
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: some, VisibilityTimeout: 600 });
  const { Messages = [] } = await sqs.send(command);
  const Entries = Messages.map(({ ReceiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle,
    VisibilityTimeout: 0,
  }));
  return async () => void (await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })));
}

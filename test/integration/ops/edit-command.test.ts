import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { eventually } from '../../apps/client.ts';
import { drain, type Ended, eventText, fill, order, type Rig, startRig } from './rig.ts';

let rig: Rig;
let folder: string;
let messageId: string;

beforeAll(async () => {
  rig = await startRig();
  folder = mkdtempSync(join(tmpdir(), 'fanfare-edit-command-'));
});

afterAll(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await drain(rig.clients, rig.consumer.deadLetterQueueUrl);
  await drain(rig.clients, rig.consumer.queueUrl);
  await fill(rig.clients, { queueUrl: rig.consumer.deadLetterQueueUrl, bodies: [eventText('o-1')] });
  const [line = ''] = (await rig.run('dlq', 'list', 'email', '--json')).stdout.split('\n');
  messageId = JSON.parse(line).data.messageId;
});

const dead = () => countMessages(rig.clients, rig.consumer.deadLetterQueueUrl);
const sentData = async () =>
  (await drain(rig.clients, rig.consumer.queueUrl)).map(({ Body = '' }) => JSON.parse(Body).data);
const edited = { ...order('o-1'), email: 'grace@example.com' };

/** An editor: a script that gets arguments, the last of them the file. */
function editor(script: string, name = 'editor'): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o700);
  return path;
}

const edit = (...args: readonly string[]): Promise<Ended> =>
  rig.run('dlq', 'edit', 'email', messageId, ...args);

describe('the new data', () => {
  it('comes from the command line, a file or standard input', async () => {
    const file = join(folder, 'edited.json');
    writeFileSync(file, JSON.stringify(edited));
    expect(await edit('--data', `@${file}`)).toMatchObject({ code: 0 });
    expect(await sentData()).toEqual([edited]);
    await fill(rig.clients, { queueUrl: rig.consumer.undeliveredQueueUrl, bodies: [eventText('o-1')] });
    const [line = ''] = (await rig.run('dlq', 'list', 'email', '--undelivered', '--json')).stdout.split('\n');
    const { data } = JSON.parse(line);
    const typed = rig.begin(['dlq', 'edit', 'email', data.messageId, '--undelivered', '--data', '-']);
    typed.type(JSON.stringify(edited));
    expect(await typed.ended).toMatchObject({ code: 0 });
    expect(await sentData()).toEqual([edited]);
  });

  it('that is not UTF-8 is not sent', async () => {
    const file = join(folder, 'latin-1.json');
    writeFileSync(file, Buffer.from(JSON.stringify({ ...edited, note: 'Jürgen' }), 'latin1'));
    const { code, stderr } = await edit('--data', `@${file}`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is not UTF-8') });
    expect(await dead()).toMatchObject({ waiting: 1, inFlight: 0 });
  });

  it('that is as it was is not sent, however it is written', async () => {
    const same = JSON.stringify(Object.fromEntries(Object.entries(order('o-1')).toReversed()), null, 4);
    const { code, stdout } = await edit('--data', same);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('nothing was sent') });
    expect(await dead()).toMatchObject({ waiting: 1, inFlight: 0 });
  });
});

describe('an editor', () => {
  it.each([
    ['VISUAL, before EDITOR', { VISUAL: 'change', EDITOR: 'false' }],
    ['EDITOR', { EDITOR: 'change' }],
  ])('is that of %s, with its arguments', async (_, wanted) => {
    const change = `${editor('sed -i s/ada@/grace@/ "$3"; echo "$1 $2" >"$0.seen"', 'my editor')}`;
    const env = Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [
        name,
        value === 'change' ? `'${change}' --wait 'two words'` : value,
      ]),
    );
    const { ended } = rig.begin(['dlq', 'edit', 'email', messageId], { env });
    expect(await ended).toMatchObject({ code: 0 });
    expect(readFileSync(`${change}.seen`, 'utf8')).toBe('--wait two words\n');
    expect(await sentData()).toEqual([edited]);
  });

  it('that changes nothing leaves the message where it is, and no file', async () => {
    const path = editor('echo "$1" >"$0.file"');
    expect(await edit('--editor', path)).toMatchObject({ code: 0 });
    expect(existsSync(readFileSync(`${path}.file`, 'utf8').trim())).toBe(false);
    expect(await dead()).toMatchObject({ waiting: 1, inFlight: 0 });
  });

  it.each([
    ['breaks the contract', 'echo \'{"orderId":1}\' >"$1"', '{"orderId":1}', '/data/orderId'],
    ['is no JSON', 'echo "{orderId" >"$1"', '{orderId', 'is not valid JSON'],
    [
      'is not UTF-8',
      'printf \'{"orderId":"J\\374rgen"}\' >"$1"',
      '{"orderId":"J\ufffdrgen"}',
      'is not UTF-8',
    ],
    ['is given up by the editor', 'echo half >"$1"; exit 3', 'half', 'ended with 3'],
  ])('keeps what was typed when it %s', async (_, script, typed, message) => {
    const { code, stderr } = await edit('--editor', editor(script));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    const file = /your text is in (\S+);/.exec(stderr)?.[1] ?? expect.fail(stderr);
    expect(stderr).toContain(`then run: npx fanfare dlq edit email ${messageId} --data @${file}\n`);
    expect(readFileSync(file, 'utf8').trim()).toBe(typed);
    rmSync(join(file, '..'), { recursive: true });
    expect(await dead()).toMatchObject({ waiting: 1, inFlight: 0 });
  });

  it('in which nothing was typed leaves no file, and names none', async () => {
    const path = editor('echo "$1" >"$0.file"; exit 3', 'unused');
    const { code, stderr } = await edit('--editor', path);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ended with 3') });
    expect(stderr).not.toContain('your text');
    expect(existsSync(readFileSync(`${path}.file`, 'utf8').trim())).toBe(false);
  });

  it('hides only the message that it is about', async () => {
    const bodies = Array.from({ length: 30 }, (_, index) => eventText(`other-${index}`));
    await fill(rig.clients, { queueUrl: rig.consumer.deadLetterQueueUrl, bodies });
    const path = editor('touch "$0.open"; while [ ! -e "$0.close" ]; do sleep 0.1; done');
    const { ended } = rig.begin(['dlq', 'edit', 'email', messageId, '--editor', path]);
    await eventually('it is open', () => existsSync(`${path}.open`));
    expect(await dead()).toMatchObject({ waiting: 30, inFlight: 1 });
    writeFileSync(`${path}.close`, '');
    expect(await ended).toMatchObject({ code: 0 });
    expect(await dead()).toMatchObject({ waiting: 31, inFlight: 0 });
  });

  it('has Ctrl-C to itself; SIGTERM ends both, and keeps what was typed', async () => {
    const path = editor('echo half >"$1"; touch "$0.typing"; exec sleep 60', 'slow-editor');
    const running = rig.begin(['dlq', 'edit', 'email', messageId, '--editor', path]);
    await eventually('somebody types', () => existsSync(`${path}.typing`));
    running.kill('SIGINT');
    running.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect(code).toBe(143);
    const file = /your text is in (\S+);/.exec(stderr)?.[1] ?? expect.fail(stderr);
    expect(readFileSync(file, 'utf8')).toBe('half\n');
    rmSync(join(file, '..'), { recursive: true });
    expect(await dead()).toMatchObject({ waiting: 1, inFlight: 0 });
  });
});

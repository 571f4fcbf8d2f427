import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { eventually } from '../../apps/client.ts';
import { eventText, fill, type Rig, startRig } from './rig.ts';

const MANY = 60;
let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
  const bodies = Array.from({ length: MANY }, (_, index) => eventText(`e-${index}`));
  await fill(rig.clients, { queueUrl: rig.consumer.deadLetterQueueUrl, bodies });
});
afterEach(() => rig.stop());

const total = async (queueUrl: string): Promise<number> => {
  const { waiting, inFlight, delayed } = await countMessages(rig.clients, queueUrl);
  return waiting + inFlight + delayed;
};
const moved = () => total(rig.consumer.queueUrl);
const left = () => total(rig.consumer.deadLetterQueueUrl);

describe('a redrive by SQS itself whose command is killed', () => {
  beforeEach(async () => {
    const killed = rig.begin(['dlq', 'redrive', 'email', '--per-second', '1']);
    await eventually('some are moved', async () => (await moved()) > 0);
    killed.kill('SIGKILL');
    await killed.ended;
  });

  it('is shown, and stopped', async () => {
    const shown = await rig.run('dlq', 'moves', 'email');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/running +\d+ +60 +1/) });
    const [task] = JSON.parse((await rig.run('dlq', 'moves', 'email', '--json')).stdout).data;
    expect(task).toMatchObject({ status: 'RUNNING', toMove: MANY, perSecond: 1 });
    const { code, stdout } = await rig.run('dlq', 'cancel', 'email');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^cancelled: \d+ dead letters/),
    });
    await eventually('nothing is hidden', async () => {
      const { inFlight } = await countMessages(rig.clients, rig.consumer.deadLetterQueueUrl);
      return inFlight === 0;
    });
    expect((await moved()) + (await left())).toBe(MANY);
    expect(stdout).toContain(`cancelled: ${await moved()} dead`);
    expect(await rig.run('dlq', 'cancel', 'email')).toMatchObject({ code: 1 });
  });

  it('keeps a second one from beginning, which says what to do', async () => {
    const { code, stderr } = await rig.run('dlq', 'redrive', 'email');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/stop it with: npx fanfare dlq cancel email$/m),
    });
  });

  it('is named by a list as the reader of what it holds', async () => {
    const { code, stderr } = await rig.run('dlq', 'list', 'email');
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(/^Show the progress: npx fanfare dlq moves email$/m),
    });
  });
});

it('Ctrl-C stops a redrive by SQS itself, and all counts add up', async () => {
  const running = rig.begin(['dlq', 'redrive', 'email', '--per-second', '5', '--json']);
  await eventually('some are moved', async () => (await moved()) > 0);
  running.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  const result = JSON.parse(stdout).data;
  expect(result).toMatchObject({ moved: await moved(), left: await left(), stopped: true });
  expect(result.moved + result.left).toBe(MANY);
});

it('a redrive that somebody else cancels says so, and ends with 1', async () => {
  const running = rig.begin(['dlq', 'redrive', 'email', '--per-second', '1']);
  await eventually('some are moved', async () => (await moved()) > 0);
  expect(await rig.run('dlq', 'cancel', 'email')).toMatchObject({ code: 0 });
  const { code, stderr } = await running.ended;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(
      `${await left()} dead letters not moved: somebody has cancelled the redrive.`,
    ),
  });
});

it('there is nothing to show before the first', async () => {
  expect(await rig.run('dlq', 'moves', 'email')).toMatchObject({
    code: 0,
    stdout: 'SQS has not moved dead letters of email.\n',
  });
});

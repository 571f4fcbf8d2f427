import { expect, it } from 'vitest';
import { RunningActions } from '../../../lib/console/running-actions.ts';

it('a console that is closed tells its actions to end, and waits until they have', async () => {
  const running = new RunningActions();
  const happened: string[] = [];
  const asked = running.run(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    happened.push('told');
    await new Promise((resolve) => setImmediate(resolve));
    happened.push('ended');
    throw new Error('half of it');
  });
  const failed = expect(asked).rejects.toThrow('half of it');
  await running.stop();
  happened.push('closed');
  await failed;
  expect(happened).toEqual(['told', 'ended', 'closed']);
});

import { expect, it } from 'vitest';
import { readMessage } from '../../../../lib/archive/replay/replay-queue.ts';

it('a message that is none of a replay is shown in whole characters', () => {
  const body = JSON.stringify(`${'x'.repeat(198)}🎄🎄`);
  expect(() => readMessage(body)).toThrow(
    new TypeError(`the replay queue has a message that is none of a replay: "${'x'.repeat(198)}🎄`),
  );
});

import { expect, it } from 'vitest';
import { createReplay } from '../../../../lib/archive/replay/create-replay.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../../apps/archive/archive-objects.ts';
import { createMemoryRig } from './memory-rig.ts';

/** More than fit into a task, with one event each: each of them is sent at once. */
const OBJECTS = 350;

it.each([
  { rate: 10, remainingMs: 300_000 },
  // Each invocation has time for a few events.
  { rate: 10, remainingMs: 32_500 },
])(
  'holds the rate over tasks and invocations: $rate a second, $remainingMs ms each',
  async ({ rate, remainingMs }) => {
    const objects = Array.from({ length: OBJECTS }, (_, n) =>
      objectOf([archivedOf(eventOf({ id: `e-${n}` }))], HOUR + n),
    );
    const rig = createMemoryRig({ store: storeOf(objects), remainingMs });
    const { id } = await createReplay(rig.ports, rig.request({ rate }), { createdBy: 'test' });
    await rig.work();
    expect(await rig.ports.table.read(id)).toMatchObject({ status: 'done', sent: OBJECTS, tasks: 4 });
    const times = rig.sqs.delivered.map(({ at }) => at);
    for (const at of times) {
      expect(times.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(rate);
    }
  },
);

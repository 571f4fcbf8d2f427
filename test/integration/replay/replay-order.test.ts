import { beforeAll, expect, it } from 'vitest';
import { resumeReplay } from '../../../lib/archive/replay/control-replay.ts';
import { createReplay } from '../../../lib/archive/replay/create-replay.ts';
import { archivedOf, eventOf, HOUR, objectOf } from '../../apps/archive/archive-objects.ts';
import { type ReplayRig, startReplayRig } from './rig.ts';

const GROUPS = ['ada', 'bert', 'cleo'];
let rig: ReplayRig;

beforeAll(async () => {
  rig = await startReplayRig({ fifo: true });
  const events = Array.from({ length: 1_500 }, (_, n) =>
    eventOf({ id: `e-${n}`, partitionkey: GROUPS[n % 3] ?? '', data: { n } }),
  );
  // One object after the other, as they arrived: and the second one is named so that it comes second.
  await rig.put(
    objectOf(
      events.slice(0, 700).map((event) => archivedOf(event, HOUR)),
      HOUR + 1_000,
    ),
    objectOf(
      events.slice(700).map((event) => archivedOf(event, HOUR)),
      HOUR + 2_000,
    ),
  );
});

it('keeps the order of every message group, also when the function dies in the middle', async () => {
  const { id } = await createReplay(rig.ports, rig.request(), { createdBy: 'test' });
  let requests = 0;
  const dying = {
    ...rig.ports.sqs,
    send: (async (...command: Parameters<typeof rig.ports.sqs.send>) => {
      requests += 1;
      if (requests === 450) throw new Error('the function dies');
      return rig.ports.sqs.send(...command);
    }) as typeof rig.ports.sqs.send,
  };
  await rig.work({ change: { sqs: dying } });
  await resumeReplay(rig.ports, id);
  await rig.work();
  expect(await rig.ports.table.read(id)).toMatchObject({ status: 'done', sent: 1_500, lanes: 1 });
  const sent = (await rig.take(rig.queueUrl)).map(({ Body = '{}', Attributes }) => ({
    group: Attributes?.MessageGroupId,
    n: JSON.parse(Body).data.n as number,
  }));
  for (const [index, group] of GROUPS.entries()) {
    // A second delivery changes no order: the consumer has a record of the event.
    const first = [...new Set(sent.filter((one) => one.group === group).map(({ n }) => n))];
    expect(first).toEqual(Array.from({ length: 500 }, (_, at) => at * 3 + index));
  }
});

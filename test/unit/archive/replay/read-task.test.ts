import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../../../lib/archive/replay/accepts-event.ts';
import { readTask } from '../../../../lib/archive/replay/read-task.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../../apps/archive/archive-objects.ts';

const selection = selectionOf({
  from: HOUR,
  to: HOUR + 1,
  types: [],
  sources: [],
  filterPolicyScope: 'MessageBody',
});

describe('the objects of a task', () => {
  const objects = Array.from({ length: 20 }, (_, n) =>
    objectOf([archivedOf(eventOf({ id: `e-${n}` }))], HOUR + n),
  );
  const keys = objects.map(({ key }) => key);

  it('are opened before they are read, a few of them', async () => {
    const store = storeOf(objects);
    for await (const { after } of readTask(store, { keys }, selection)) {
      if (after.object < 15) expect(store.opened.length).toBe(after.object + 4);
    }
    expect(store.opened).toEqual(keys);
  });

  it('are closed when the task stops before them', async () => {
    const store = storeOf(objects);
    const streams: { destroyed: boolean }[] = [];
    const noting = {
      ...store,
      open: async (key: string) => {
        const stream = await store.open(key);
        streams.push(stream);
        return stream;
      },
    };
    for await (const _ of readTask(noting, { keys }, selection)) break;
    expect(streams).toHaveLength(4);
    expect(streams.filter(({ destroyed }) => !destroyed)).toEqual([]);
  });
});

it('remembers less than the command line does: its function has less memory', async () => {
  const ids = [...Array.from({ length: 50_001 }, (_, n) => n), 0];
  const object = objectOf(ids.map((n) => archivedOf(eventOf({ id: `e-${n}` }))));
  let duplicates = 0;
  for await (const { kind } of readTask(storeOf([object]), { keys: [object.key] }, selection))
    if (kind === 'duplicates') duplicates += 1;
  expect(duplicates).toBe(0);
});

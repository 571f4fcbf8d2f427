import { describe, expect, it } from 'vitest';
import { traceLines } from '../../../lib/cli/operate/trace/trace-lines.ts';
import { traceArchive } from '../../../lib/ops/trace/trace-archive.ts';
import type { TracedEvent } from '../../../lib/ops/trace/traced-event.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../apps/archive/archive-objects.ts';

const chain = [
  eventOf({ id: 'order', correlationid: 'order' }),
  eventOf({
    id: 'paid',
    type: 'shop.OrderPaid.v1',
    source: '/pay',
    correlationid: 'order',
    causationid: 'order',
  }),
  eventOf({
    id: 'sent',
    type: 'shop.OrderSent.v1',
    source: '/send',
    correlationid: 'order',
    causationid: 'paid',
  }),
  eventOf({ id: 'other' }),
];
// What was caused may be in an object that comes first.
const objects = chain
  .toReversed()
  .map((event, index) => objectOf([archivedOf(event, HOUR + index * 60_000)], undefined, `a${index}`));

async function traced(id: string, more: { source?: string; known?: readonly TracedEvent[] } = {}) {
  const problems: string[] = [];
  const events = await traceArchive(
    { store: storeOf(objects), beginLook: () => expect.fail('nobody asks for it') },
    {
      ...{ id, from: HOUR, to: HOUR + 3_600_000, known: [], ...more },
      onProblem: ({ name }) => problems.push(name),
    },
  );
  return { events, problems };
}

const shapeOf = ({ id, caused = [] }: TracedEvent): unknown =>
  caused.length > 0 ? [id, ...caused.map(shapeOf)] : id;

describe('a trace of what only the archive has', () => {
  it.each(['order', 'paid', 'sent'])('is the whole chain, by the id %s', async (id) => {
    const { events } = await traced(id);
    expect(events.map(shapeOf)).toEqual([['order', ['paid', 'sent']]]);
  });

  it('is nothing for an event of another source', async () => {
    expect((await traced('paid', { source: '/shop/checkout' })).events).toEqual([]);
    expect((await traced('paid', { source: '/pay' })).events).toHaveLength(1);
  });

  it('does not repeat what the records have told', async () => {
    const paid: TracedEvent = { id: 'paid', source: '/pay', type: 'shop.OrderPaid.v1', handlings: [] };
    const { events } = await traced('order', { known: [paid] });
    expect(events.map(shapeOf)).toEqual(['sent', 'order']);
  });

  it('names an object that is damaged, once', async () => {
    const [first, ...rest] = objects;
    if (!first) throw new Error('there is no object');
    const store = storeOf([{ ...first, body: first.body.subarray(0, 30) }, ...rest]);
    const names: string[] = [];
    const options = { id: 'paid', from: HOUR, to: HOUR + 3_600_000, known: [] };
    const events = await traceArchive(
      { store, beginLook: () => expect.fail('nobody asks for it') },
      { ...options, onProblem: ({ name }) => names.push(name) },
    );
    expect(events.map(shapeOf)).toEqual([['order', ['paid', 'sent']]]);
    expect(new Set(names)).toEqual(new Set([first.key]));
  });

  it('is shown as a tree', async () => {
    const [event] = (await traced('order')).events;
    if (!event) throw new Error('there is no event');
    expect(traceLines(event)).toEqual([
      expect.stringContaining('order of /shop/checkout'),
      '  └ of the archive, where it arrived 2026-11-27 04:03:00Z; no consumer has a record of it',
      expect.stringMatching(/^ {6}\S*shop\.OrderPaid\.v1\S* {2}paid of \/pay/),
      '        └ of the archive, where it arrived 2026-11-27 04:02:00Z; no consumer has a record of it',
      expect.stringMatching(/^ {12}\S*shop\.OrderSent\.v1\S* {2}sent of \/send/),
      '              └ of the archive, where it arrived 2026-11-27 04:01:00Z; no consumer has a record of it',
    ]);
  });
});

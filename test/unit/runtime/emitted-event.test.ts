import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { type Emission, emittedEvent } from '../../../lib/runtime/handling/emitted-event.ts';

const Answered = defineEvent({
  type: 'test.Answered',
  version: 1,
  description: 'Answered.',
  data: z.object({ n: z.int(), text: z.string().optional() }),
});
const parent = { specversion: '1.0', id: 'p', source: '/test', type: 'test.Asked.v1' } as const;
const emission: Emission<typeof Answered> = {
  contract: Answered,
  data: { n: 1 },
  options: {},
  consumer: 'clerk',
  parent,
  position: 0,
  now: Date.UTC(2026, 0, 1),
};

describe('an event is not emitted', () => {
  it.each<[string, Partial<Emission<typeof Answered>>, RegExp]>([
    ['that breaks its contract', { data: { n: 0.5 } }, / that breaks its contract: \/data\/n /],
    ['with an empty subject', { options: { subject: '' } }, / that cannot be sent: \/subject /],
    [
      'without a key where the topic keeps the order',
      { fifo: true },
      / that cannot be sent: \/partitionkey /,
    ],
    [
      'that is too large for a message',
      { data: { n: 1, text: 'x'.repeat(262_144) } },
      / that .*; an emitted event has to fit into a message$/,
    ],
  ])('%s', (_, change, message) => {
    const emit = () => emittedEvent({ ...emission, ...change });
    expect(emit).toThrow(TypeError);
    expect(emit).toThrow(message);
    expect(emit).toThrow(/^clerk emits a test\.Answered\.v1 that /);
  });
});

describe('an emitted event', () => {
  it('belongs to the event that was handled', () => {
    expect(emittedEvent(emission)).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5/),
      source: '/consumers/clerk',
      type: 'test.Answered.v1',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      correlationid: 'p',
      causationid: 'p',
      data: { n: 1 },
    });
  });

  it('has what the handler sets, or else what the handled event has', () => {
    const inherited = { correlationid: 'story', partitionkey: 'order-1', tenant: 'acme' };
    const other = { subject: 's', partitionkey: 'order-2', tenant: 'other' };
    const child = (options: object) =>
      emittedEvent({ ...emission, parent: { ...parent, ...inherited }, options });
    expect(child({})).toMatchObject({ ...inherited, causationid: 'p' });
    expect(child(other)).toMatchObject({ ...other, correlationid: 'story' });
  });

  it('has the same id in every attempt, and another one at another place', () => {
    const idOf = (change: object) => emittedEvent({ ...emission, ...change }).id;
    expect(idOf({ now: 0, data: { n: 2 } })).toBe(idOf({}));
    const others = [{ position: 1 }, { consumer: 'other' }, { parent: { ...parent, id: 'q' } }];
    expect(new Set([{}, ...others].map(idOf)).size).toBe(4);
  });
});

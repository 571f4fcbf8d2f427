import * as z from 'zod';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';

/** What the simulated consumers do with an event of this fate. */
export const FATES = ['good', 'good', 'good', 'flaky', 'slow', 'hopeless'] as const;

const data = z.object({ n: z.int(), fate: z.enum(FATES) });

export const Asked = defineEvent({
  type: 'sim.Asked',
  version: 1,
  description: 'The first of a story.',
  data,
});
export const Answered = defineEvent({
  type: 'sim.Answered',
  version: 1,
  description: 'Its consequence.',
  data,
});

const common = { description: 'Simulated.', tables: { effects: { partitionKey: 'id' } }, timeoutSeconds: 10 };

/** Has its effect, and emits an event that tells of it. */
export const first = (effects: 'claim' | 'commit') =>
  defineConsumer({ ...common, name: 'first', listensTo: [Asked], emits: [Answered], effects });

/** Has its effect on what the first has emitted. */
export const second = (effects: 'claim' | 'commit') =>
  defineConsumer({ ...common, name: 'second', listensTo: [Answered], effects });

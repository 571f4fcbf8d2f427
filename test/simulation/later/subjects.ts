import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import { identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import type { Handle } from '../../../lib/runtime/handling/handle.ts';
import { putItem } from '../../../lib/runtime/writes/writes.ts';
import { type Plan, planner, Reminded, receiver } from './plans.ts';

/** A consumer of the story. */
export interface Subject {
  readonly definition: ConsumerDefinition;
  readonly handler: Handle;
}

/** Emits events for later, and cancels them, as it is told. */
export const PLANNER: Subject = {
  definition: planner,
  handler: async (event, ctx) => {
    const { what, key, seconds } = event.data as Plan;
    if (what !== 'emit') ctx.cancel(key);
    const emitted =
      what === 'cancel' ? undefined : ctx.emit(Reminded, { plan: event.id }, { in: seconds, key });
    await ctx.commit([putItem(ctx.tables.effects ?? '', { id: event.id, emitted: emitted?.id ?? '' })]);
  },
};

/** Notes what arrives. */
export const RECEIVER: Subject = {
  definition: receiver,
  handler: (event, ctx) => ctx.commit([putItem(ctx.tables.effects ?? '', { id: identityOf(event) })]),
};

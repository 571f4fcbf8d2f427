import { consume } from '../../../lib/runtime/consume.ts';
import { committer } from './consumer.ts';
import { countEffect } from './effect.ts';
import { misbehave } from './misbehave.ts';

export const handler = consume(committer, {
  'test.FaultRequested': async (event, ctx) => {
    await misbehave(event.data, ctx.attempt);
    await ctx.commit([countEffect(ctx.tables.effects, event.id)]);
  },
});

import { consume } from '../../../lib/runtime/consume.ts';
import { neighbour } from './consumer.ts';
import { countEffect } from './effect.ts';

export const handler = consume(neighbour, {
  'test.FaultRequested': (event, ctx) => ctx.commit([countEffect(ctx.tables.effects, event.id)]),
});

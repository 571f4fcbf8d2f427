import { consume } from '../../../lib/runtime/consume.ts';
import { archive } from './consumers.ts';
import { count } from './count.ts';

export const handler = consume(archive, {
  'chaos.Answered': ({ data: { question } }, ctx) => ctx.commit([count(ctx.tables.effects, question)]),
});

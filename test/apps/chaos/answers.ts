import { consume } from '../../../lib/runtime/consume.ts';
import { answers } from './consumers.ts';
import { count } from './count.ts';
import { Answered } from './events.ts';

export const handler = consume(answers, {
  'chaos.Asked': async ({ data: { question } }, ctx) => {
    ctx.emit(Answered, { question });
    await ctx.commit([count(ctx.tables.effects, question)]);
  },
});

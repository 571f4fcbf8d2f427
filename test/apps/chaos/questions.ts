import { consume } from '../../../lib/runtime/consume.ts';
import { questions } from './consumers.ts';
import { count } from './count.ts';

export const handler = consume(questions, {
  'chaos.Asked': ({ data: { question } }, ctx) => ctx.commit([count(ctx.tables.effects, question)]),
});

import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { atLeast, oneOf } from '../../../lib/contracts/where.ts';

export const ReviewPublished = defineEvent({
  type: 'reviews.ReviewPublished',
  version: 1,
  description: 'A customer has reviewed something.',
  data: z.object({ stars: z.int().min(1).max(5), channel: z.enum(['web', 'store']).default('web') }),
});

const common = {
  name: 'praise',
  description: 'Collects reviews.',
  listensTo: [ReviewPublished],
  effects: 'commit',
  tables: { reviews: { partitionKey: 'id' } },
} as const;

export const collectsAll = defineConsumer(common);
export const collectsPraise = defineConsumer({
  ...common,
  where: { 'reviews.ReviewPublished': { stars: atLeast(4), channel: oneOf('web') } },
});

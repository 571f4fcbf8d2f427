import { consume } from '../../../lib/runtime/consume.ts';
import { updateItem } from '../../../lib/runtime/writes/writes.ts';
import { reminder } from './consumers.ts';

export const handler = consume(reminder, {
  'later.PaymentTimedOut': (event, ctx) =>
    ctx.commit([
      updateItem(
        ctx.tables.entries,
        { id: event.data.orderId },
        {
          UpdateExpression: 'SET deliverat = :at, arrived = :now ADD times :one',
          ExpressionAttributeValues: { ':at': event.deliverat ?? '', ':now': Date.now(), ':one': 1 },
        },
      ),
    ]),
});

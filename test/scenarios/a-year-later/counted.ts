import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { DataOf } from '../../../lib/contracts/define-event.ts';
import type { TableName } from '../../../lib/runtime/writes/table-name.ts';
import { updateItem } from '../../../lib/runtime/writes/writes.ts';
import type { OrderPlaced } from './contracts/index.ts';

/** An order with what the newest version knows of it, and how often it was counted: once is right. */
export function counted(
  table: TableName<'orderId'>,
  { orderId, quantity, channel }: DataOf<typeof OrderPlaced>,
): TransactWriteItem {
  return updateItem(
    table,
    { orderId },
    {
      UpdateExpression: 'SET quantity = :quantity, channel = :channel ADD orders :one',
      ExpressionAttributeValues: { ':quantity': quantity, ':channel': channel, ':one': 1 },
    },
  );
}

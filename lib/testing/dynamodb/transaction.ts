import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { refuse } from './errors.ts';
import type { PreparedWrite } from './write.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const MAX_WRITES = 100;

/**
 * Judges whether a transaction can be executed: each write by its own item, whatever the others say.
 *
 * @throws TransactionCanceledException with a reason for each write when one cannot
 * @throws ValidationException when two writes are of one item, or there are too many
 */
export function judgeTransaction(writes: readonly PreparedWrite[]): void {
  if (writes.length === 0 || writes.length > MAX_WRITES)
    throw refuse(`a transaction takes 1 to ${MAX_WRITES} writes, got ${writes.length}`);
  const items = writes.map(({ table, key }) => `${table.name} ${key}`);
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined)
    throw refuse(`Transaction request cannot include multiple operations on one item: ${twice}`);
  const reasons = writes.map(reasonOf);
  if (reasons.every(({ Code }) => Code === 'None')) return;
  throw new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: reasons,
  });
}

function reasonOf({ table, key, holds, apply, request }: PreparedWrite): CancellationReason {
  const before = table.get(key);
  if (!holds(before)) {
    const shown = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before;
    return {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      ...(shown && { Item: structuredClone(shown) }),
    };
  }
  try {
    apply(before);
    return { Code: 'None' };
  } catch (error) {
    // DynamoDB answers with the reason of this write, and executes none of the others.
    return { Code: 'ValidationError', Message: error instanceof Error ? error.message : String(error) };
  }
}

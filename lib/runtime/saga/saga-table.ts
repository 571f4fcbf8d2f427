import { type AttributeValue, GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { isTransient } from '../../aws/transient.ts';
import { readSagaItem, type SagaItem, sagaAttributes } from '../../contracts/saga/saga-item.ts';
import { withinTime } from '../deadline.ts';
import { NotYetError, OutOfTimeError } from '../errors.ts';
import type { EventContext } from '../handling/context.ts';

/** Maximum bytes of an item. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_ITEM_BYTES = 409_600;
/** The read ends before the handler's time does, by this share of it and half a second at most, because an event that runs into its end has failed. */
const READ_MARGIN_SHARE = 0.1;
const MAX_READ_MARGIN_MS = 500;

/**
 * Reads a saga, also one that has just been written.
 *
 * @throws NotYetError when the table does not answer in the handler's time: the event is delivered again, and no attempt is counted
 */
export async function readSaga({ props }: EventContext, id: string): Promise<SagaItem | undefined> {
  const { ports, tables, deadline } = props;
  const command = new GetItemCommand({
    TableName: tables.sagas,
    Key: { id: { S: id } },
    ConsistentRead: true,
  });
  const { handlersEndAt } = deadline;
  const margin = Math.min(MAX_READ_MARGIN_MS, (handlersEndAt - ports.clock.now()) * READ_MARGIN_SHARE);
  const read = (abortSignal: AbortSignal) => ports.dynamodb.send(command, { abortSignal });
  try {
    const { Item } = await withinTime(ports.clock, handlersEndAt - margin, read, 'the read of the saga');
    return Item && readSagaItem(Item);
  } catch (error) {
    if (!(error instanceof OutOfTimeError) && !isTransient(error)) throw error;
    throw new NotYetError(`saga ${id} could not be read`, { cause: error });
  }
}

/**
 * The write that stores a saga, if it is still as it was read.
 *
 * @param version the version that was read; undefined when there was no item
 * @throws TypeError when the item is too large
 */
export function sagaWrite(table: string, item: SagaItem, version: number | undefined): TransactWriteItem {
  const attributes = sagaAttributes(item);
  const bytes = bytesOf(attributes);
  if (bytes > MAX_ITEM_BYTES) {
    throw new TypeError(
      `saga ${item.id} would have ${bytes} bytes, and an item of DynamoDB has ${MAX_ITEM_BYTES} at most; keep large data elsewhere, and its key in the saga`,
    );
  }
  return {
    Put: {
      TableName: table,
      Item: attributes,
      ...(version === undefined
        ? { ConditionExpression: 'attribute_not_exists(id)' }
        : {
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': { N: String(version) } },
          }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function bytesOf(attributes: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { S, N }]) => sum + Buffer.byteLength(name) + Buffer.byteLength(S ?? N ?? ''),
    0,
  );
}

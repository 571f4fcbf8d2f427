import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JsonOperation } from '../aws/json-request.ts';
import { recordKey } from '../contracts/delivery/replay.ts';
import { ERROR_ATTRIBUTE, RECORD_ATTRIBUTES } from '../contracts/receipts/record-attributes.ts';
import type { CallAws } from './call-aws.ts';

export type RecordItem = Readonly<Record<string, AttributeValue>>;

const GET_ITEM: JsonOperation = {
  service: 'dynamodb',
  variable: 'DYNAMODB',
  target: 'DynamoDB_20120810.GetItem',
  version: '1.0',
};

/**
 * Reads what a consumer has recorded of an event, and nothing that the event or the handler has brought: no outbox, and no data.
 *
 * @param withReason whether to read why the last attempt has failed
 * @param signal fires when the read has to end
 * @returns undefined when there is no record
 * @throws Error when the table cannot be read
 */
export async function readRecord(
  call: CallAws,
  { table, withReason }: { readonly table: string; readonly withReason: boolean },
  event: { readonly source: string; readonly id: string },
  signal: AbortSignal,
): Promise<RecordItem | undefined> {
  const attributes = withReason ? [...RECORD_ATTRIBUTES, ERROR_ATTRIBUTE] : RECORD_ATTRIBUTES;
  const input = {
    TableName: table,
    Key: { id: { S: recordKey(event, undefined) } },
    ConsistentRead: true,
    // Most of these names are reserved words.
    ProjectionExpression: attributes.map((name) => `#${name}`).join(),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
  const { Item } = await call<{ readonly Item?: RecordItem }>(GET_ITEM, input, signal);
  return Item;
}

import type { ConditionCheck, Delete, Put, TransactWriteItem, Update } from '@aws-sdk/client-dynamodb';
import { marshal, marshalMembers } from './marshal.ts';
import type { NativeItem, NativeValue } from './native-value.ts';
import type { TableName } from './table-name.ts';

/** Parts of an expression, in DynamoDB's own terms, but for the values: they are plain. */
type Expression<Write, Names extends keyof Write> = Pick<Write, Names> & {
  readonly ExpressionAttributeValues?: Readonly<Record<`:${string}`, NativeValue>>;
};
type Common = 'ConditionExpression' | 'ExpressionAttributeNames' | 'ReturnValuesOnConditionCheckFailure';

/** The key of an item: a text for each attribute that its table's definition names. */
export type ItemKey<Name extends string> = Readonly<Record<Name, string>>;

/** What may be put: the key, and whatever else is plain. */
type ItemOf<Name extends string> = string extends Name ? NativeItem : ItemKey<Name> & NativeItem;

/**
 * A write for `ctx.commit` that puts an item of plain values in the place of one with the same key.
 *
 * @throws TypeError naming the first value that DynamoDB could not hold as it is, by its path
 * @example
 * await ctx.commit([putItem(ctx.tables.shipments, { orderId, parcels: 2 }, { ConditionExpression: 'attribute_not_exists(orderId)' })]);
 */
export function putItem<Name extends string>(
  table: TableName<Name>,
  item: ItemOf<Name>,
  options: Expression<Put, Common> = {},
): TransactWriteItem {
  return { Put: { TableName: table, Item: marshalMembers(item, 'Item'), ...expression(options) } };
}

/**
 * A write for `ctx.commit` that changes an item, or makes it.
 *
 * @throws TypeError naming the value that DynamoDB could not hold as it is
 * @example
 * updateItem(ctx.tables.stock, { sku }, { UpdateExpression: 'ADD available :n', ExpressionAttributeValues: { ':n': 3 } })
 */
export function updateItem<Name extends string>(
  table: TableName<Name>,
  key: ItemKey<Name>,
  update: Expression<Update, Common> & { readonly UpdateExpression: string },
): TransactWriteItem {
  return {
    Update: { ...keyed(table, key), ...expression(update) },
  };
}

/** A write for `ctx.commit` that deletes an item. @throws TypeError naming the value that DynamoDB could not hold as it is */
export function deleteItem<Name extends string>(
  table: TableName<Name>,
  key: ItemKey<Name>,
  options: Expression<Delete, Common> = {},
): TransactWriteItem {
  return { Delete: { ...keyed(table, key), ...expression(options) } };
}

/**
 * A write for `ctx.commit` that writes nothing, and rejects the commit when its condition does not hold.
 *
 * @throws TypeError naming the value that DynamoDB could not hold as it is
 */
export function conditionCheck<Name extends string>(
  table: TableName<Name>,
  key: ItemKey<Name>,
  check: Expression<ConditionCheck, Common> & { readonly ConditionExpression: string },
): TransactWriteItem {
  return { ConditionCheck: { ...keyed(table, key), ...expression(check) } };
}

function keyed(TableName: string, key: object) {
  return { TableName, Key: marshalMembers(key, 'Key') };
}

function expression<Given extends Expression<Put, Common>>({
  ExpressionAttributeValues: values,
  ...rest
}: Given) {
  if (values === undefined) return rest;
  const marshalled = Object.entries(values).map(
    ([name, value]) => [name, marshal(value, `ExpressionAttributeValues['${name}']`)] as const,
  );
  return { ...rest, ExpressionAttributeValues: Object.fromEntries(marshalled) };
}

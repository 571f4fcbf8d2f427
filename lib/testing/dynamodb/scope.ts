import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { refuse, UnknownRequest } from './errors.ts';
import type { Item, Scope } from './path.ts';

/** The part of a request that its expressions are written with. */
export interface Expressions {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

const LEGACY = [
  'AttributeUpdates',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'AttributesToGet',
];

export function scopeOf(
  { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Expressions,
  item: Item | undefined,
): Scope {
  return { item, names: ExpressionAttributeNames, values: ExpressionAttributeValues };
}

/**
 * Refuses what DynamoDB refuses whatever the items are: a name or value that no expression uses.
 *
 * @throws ValidationException naming it
 */
export function checkExpressions(request: Expressions): void {
  const legacy = LEGACY.find((name) => name in request);
  if (legacy !== undefined)
    throw new UnknownRequest(
      `the testing kit does not know the legacy parameter ${legacy}; use an expression`,
    );
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = request;
  const texts = [
    request.ConditionExpression,
    request.UpdateExpression,
    request.FilterExpression,
    request.KeyConditionExpression,
    request.ProjectionExpression,
  ].join(' ');
  const used = new Set(texts.match(/[#:]\w+/g));
  const unused = [...Object.keys(ExpressionAttributeNames), ...Object.keys(ExpressionAttributeValues)].find(
    (name) => !used.has(name),
  );
  if (unused !== undefined)
    throw refuse(`Value provided in ${kindOf(unused)} unused in expressions: ${unused}`);
}

function kindOf(name: string): string {
  return name.startsWith('#') ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues';
}

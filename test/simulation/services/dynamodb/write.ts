import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Condition, type Item, parseCondition, type Scope } from './expression.ts';
import { Tokens } from './tokens.ts';
import { applyChanges, type Change, parseChanges } from './update.ts';

/** A write of one item, alone or in a transaction. */
export interface Write {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
  readonly ReturnValues?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

const conditions = new Map<string, Condition>();
const updates = new Map<string, readonly Change[]>();

/** Whether the condition of a write holds for the item as it is. */
export function holds(write: Write, item: Item | undefined): boolean {
  if (!write.ConditionExpression) return true;
  const condition = once(conditions, write.ConditionExpression, (text) =>
    parseCondition(new Tokens(text), noParameter),
  );
  return condition(scopeOf(write, item));
}

/** The item as the write leaves it. */
export function written(write: Write, item: Item | undefined): Item {
  if (write.Item) return { ...write.Item };
  const changes = once(updates, write.UpdateExpression ?? '', (text) =>
    parseChanges(new Tokens(text), noParameter),
  );
  return { ...applyChanges(changes, scopeOf(write, item)), ...write.Key };
}

/** The simulated tables have the one key attribute that their writes put first. */
export function keyOf(key: Item): string {
  const [first] = Object.values(key);
  return first?.S ?? '';
}

function scopeOf(write: Write, item: Item | undefined): Scope {
  return { item, names: write.ExpressionAttributeNames ?? {}, values: write.ExpressionAttributeValues ?? {} };
}

function once<T>(known: Map<string, T>, text: string, parse: (text: string) => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = parse(text);
  known.set(text, made);
  return made;
}

function noParameter(): string {
  throw new SyntaxError("'?' belongs to PartiQL statements, not to expressions");
}

import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { compare } from '../values/equal.ts';
import { type Condition, parseCondition } from './condition.ts';
import { refuse } from './errors.ts';
import { noParameter } from './operand.ts';
import type { Item } from './path.ts';
import { project } from './project.ts';
import { checkExpressions, type Expressions, scopeOf } from './scope.ts';
import type { Table } from './table.ts';
import { Tokens } from './tokens.ts';

/** The answer of a Query or a Scan. */
export interface Page {
  readonly Items?: readonly Item[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Item;
}

/** Reads one page: filtered, sorted by the sort key, cut to `Limit`. Items come back as copies. */
export function readPage(table: Table, request: QueryCommandInput | ScanCommandInput): Page {
  checkExpressions(request);
  if (request.IndexName !== undefined)
    throw refuse(
      `The table ${table.name} does not have the index ${request.IndexName}; a consumer's table has none`,
    );
  const keyCondition = 'KeyConditionExpression' in request ? request.KeyConditionExpression : undefined;
  const matched = select(keyCondition, request, table.items);
  const { sortKey } = table.keys;
  if (keyCondition !== undefined && sortKey !== undefined) matched.sort((a, b) => bySortKey(a, b, sortKey));
  if ('ScanIndexForward' in request && request.ScanIndexForward === false) matched.reverse();
  const rest = after(table, matched, request.ExclusiveStartKey);
  const page = rest.slice(0, request.Limit ?? rest.length);
  const kept = select(request.FilterExpression, request, page);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return {
    ...(request.Select !== 'COUNT' && { Items: kept.map((item) => project(item, request)) }),
    Count: kept.length,
    ScannedCount: page.length,
    ...(last && { LastEvaluatedKey: keyAttributes(table, last) }),
  };
}

function select(text: string | undefined, request: Expressions, items: readonly Item[]): Item[] {
  if (text === undefined) return [...items];
  const tokens = new Tokens(text);
  const condition: Condition = parseCondition(tokens, noParameter);
  tokens.expectEnd();
  return items.filter((item) => condition(scopeOf(request, item)));
}

function bySortKey(a: Item, b: Item, sortKey: string): number {
  const [left, right] = [a[sortKey], b[sortKey]];
  return (left && right && compare(left, right)) ?? 0;
}

function after(table: Table, items: readonly Item[], start: Item | undefined): readonly Item[] {
  if (!start) return items;
  const key = table.keyOf(start);
  return items.slice(items.findIndex((item) => table.keyOf(item) === key) + 1);
}

function keyAttributes(table: Table, item: Item): Item {
  return Object.fromEntries(
    table.keyNames.flatMap((name) => (item[name] ? [[name, item[name]] as const] : [])),
  );
}

import { parseCondition } from './condition.ts';
import { refuse } from './errors.ts';
import { noParameter } from './operand.ts';
import type { Item } from './path.ts';
import { pick } from './project.ts';
import { checkExpressions, type Expressions, scopeOf } from './scope.ts';
import type { Table } from './table.ts';
import { Tokens } from './tokens.ts';
import { applyChanges, parseUpdate } from './update.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_ITEM_BYTES = 400 * 1024;

/** A write of one item, alone or in a transaction. */
export interface Write extends Expressions {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly ReturnValues?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

export type WriteKind = 'put' | 'update' | 'delete' | 'check';

/** A write, ready to be judged by the item as it is. */
export interface PreparedWrite {
  readonly kind: WriteKind;
  readonly table: Table;
  readonly key: string;
  /** Whether its condition holds. */
  holds(item: Item | undefined): boolean;
  /** The item as it leaves it; undefined when it is deleted. @throws ValidationException when that cannot be */
  apply(item: Item | undefined): Item | undefined;
  /** What of an item its update changes. */
  touched(item: Item): Item;
  readonly request: Write;
}

export function prepareWrite(kind: WriteKind, request: Write, table: Table): PreparedWrite {
  checkExpressions(request);
  const condition = parsed(request.ConditionExpression, (tokens) => parseCondition(tokens, noParameter));
  const changes = parsed(request.UpdateExpression, parseUpdate) ?? [];
  const key = kind === 'put' ? table.keyOf(request.Item ?? {}) : table.exactKeyOf(request.Key ?? {});
  return {
    kind,
    table,
    key,
    request,
    touched: (item) =>
      pick(
        item,
        changes.map(({ path }) => path(scopeOf(request, item))),
      ),
    holds: (item) => condition?.(scopeOf(request, item)) ?? true,
    apply: (item) => {
      if (kind === 'check') return item;
      if (kind === 'delete') return undefined;
      if (kind === 'put') return refuseTooLarge(structuredClone(request.Item ?? {}));
      const base = item ?? structuredClone(request.Key ?? {});
      const after = applyChanges(changes, scopeOf(request, base));
      if (table.keyOf(after) !== key)
        throw refuse(`Cannot update attribute ${table.keyNames.join(' or ')}: it is part of the key`);
      return refuseTooLarge(after);
    },
  };
}

function parsed<T>(text: string | undefined, parse: (tokens: Tokens) => T): T | undefined {
  if (text === undefined) return undefined;
  const tokens = new Tokens(text);
  const result = parse(tokens);
  tokens.expectEnd();
  return result;
}

/** Almost as DynamoDB counts it. Near the limit, test with an engine. */
function refuseTooLarge(item: Item): Item {
  const bytes = Buffer.byteLength(JSON.stringify(item));
  if (bytes > MAX_ITEM_BYTES) throw refuse(`Item size has exceeded the maximum allowed size: ${bytes} bytes`);
  return item;
}

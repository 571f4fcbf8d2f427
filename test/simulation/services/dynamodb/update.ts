import { type AttributeValue, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { attributeName, type NextParameter, type Operand, parseOperand, type Scope } from './expression.ts';
import type { Tokens } from './tokens.ts';

/** One change of one attribute; `undefined` removes it. */
export interface Change {
  readonly target: string;
  readonly value: Operand;
}

const CLAUSES = new Set(['SET', 'ADD', 'REMOVE']);

/** Parses `SET a = :b, c = c - :d, h = list_append(:i, h) ADD e :f REMOVE g, h[9]`, of UpdateExpression and of PartiQL's UPDATE. */
export function parseChanges(tokens: Tokens, parameter: NextParameter): Change[] {
  const changes: Change[] = [];
  while (CLAUSES.has(tokens.keyword)) {
    const clause = tokens.take().toUpperCase();
    do {
      changes.push(parseChange(clause, tokens, parameter));
    } while (tokens.accept(','));
  }
  return changes;
}

function parseChange(clause: string, tokens: Tokens, parameter: NextParameter): Change {
  const target = tokens.take();
  if (clause === 'REMOVE') return { target, value: () => undefined };
  if (clause === 'ADD') {
    const amount = parseOperand(tokens, parameter);
    return {
      target,
      value: (scope) => sum(scope.item?.[attributeName(target, scope.names)], amount(scope), 1),
    };
  }
  tokens.expect('=');
  return { target, value: parseSum(tokens, parameter) };
}

function parseSum(tokens: Tokens, parameter: NextParameter): Operand {
  const left = parseValue(tokens, parameter);
  const sign = tokens.keyword === '+' ? 1 : tokens.keyword === '-' ? -1 : undefined;
  if (sign === undefined) return left;
  tokens.take();
  const right = parseValue(tokens, parameter);
  return (scope) => sum(left(scope), right(scope), sign);
}

function parseValue(tokens: Tokens, parameter: NextParameter): Operand {
  if (tokens.accept('LIST_APPEND')) return parseListAppend(tokens, parameter);
  if (!tokens.accept('IF_NOT_EXISTS')) return parseOperand(tokens, parameter);
  tokens.expect('(');
  const present = parseOperand(tokens, parameter);
  tokens.expect(',');
  const otherwise = parseOperand(tokens, parameter);
  tokens.expect(')');
  return (scope) => present(scope) ?? otherwise(scope);
}

function parseListAppend(tokens: Tokens, parameter: NextParameter): Operand {
  tokens.expect('(');
  const first = parseValue(tokens, parameter);
  tokens.expect(',');
  const second = parseValue(tokens, parameter);
  tokens.expect(')');
  return (scope) => ({ L: [...(first(scope)?.L ?? []), ...(second(scope)?.L ?? [])] });
}

function sum(a: AttributeValue | undefined, b: AttributeValue | undefined, sign: 1 | -1): AttributeValue {
  return { N: String(Number(a?.N ?? 0) + sign * Number(b?.N ?? 0)) };
}

/** Applies changes to a copy of the item; every value is read from the item as it was. */
export function applyChanges(changes: readonly Change[], scope: Scope): Record<string, AttributeValue> {
  const item = { ...scope.item };
  for (const { target, value } of changes) {
    const [, list = target, index] = /^(.*)\[(\d+)\]$/.exec(target) ?? [];
    const name = attributeName(list, scope.names);
    const result = value(scope);
    if (index !== undefined) removeElement(item, name, Number(index));
    else if (result === undefined) delete item[name];
    else item[name] = result;
  }
  return item;
}

/** Only removals name elements here; DynamoDB ignores an index beyond the end, but not a list that is not there. */
function removeElement(item: Record<string, AttributeValue>, name: string, index: number): void {
  const list = item[name]?.L;
  if (!list) throw invalidPath(`${name}[${index}]`);
  item[name] = { L: list.toSpliced(index, 1) };
}

function invalidPath(path: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    message: `The document path provided in the update expression is invalid for update: ${path}`,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
}

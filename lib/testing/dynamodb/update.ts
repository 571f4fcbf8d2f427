import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { addNumbers } from '../values/equal.ts';
import { refuse } from './errors.ts';
import { type NextParameter, noParameter, type Operand, parseOperand } from './operand.ts';
import { type Item, type Path, parsePath, readPath, removePath, type Scope, writePath } from './path.ts';
import type { Tokens } from './tokens.ts';

/** One change of one attribute. */
export interface Change {
  readonly path: (scope: Scope) => Path;
  /** What the attribute is afterwards; undefined removes it. Read from the item as it was. */
  readonly value: (scope: Scope, current: AttributeValue | undefined) => AttributeValue | undefined;
}

const CLAUSES = new Set(['SET', 'ADD', 'REMOVE', 'DELETE']);

/**
 * Parses an UpdateExpression, which has each clause once at most.
 *
 * @throws ValidationException when it has one twice
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function parseUpdate(tokens: Tokens): Change[] {
  const changes: Change[] = [];
  const seen = new Set<string>();
  while (CLAUSES.has(tokens.keyword)) {
    const clause = tokens.keyword;
    if (seen.has(clause))
      throw refuse(`The "${clause}" section can only be used once in an update expression`);
    seen.add(clause);
    changes.push(...parseClause(tokens, noParameter));
  }
  return changes;
}

/**
 * Parses the SET and REMOVE of PartiQL's UPDATE, which may repeat them.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
 */
export function parseChanges(tokens: Tokens, parameter: NextParameter): Change[] {
  const changes: Change[] = [];
  while (CLAUSES.has(tokens.keyword)) changes.push(...parseClause(tokens, parameter));
  return changes;
}

function parseClause(tokens: Tokens, parameter: NextParameter): Change[] {
  const clause = tokens.take().toUpperCase();
  const changes: Change[] = [];
  do changes.push(parseChange(clause, tokens, parameter));
  while (tokens.accept(','));
  return changes;
}

function parseChange(clause: string, tokens: Tokens, parameter: NextParameter): Change {
  const path = parsePath(tokens);
  if (clause === 'REMOVE') return { path, value: () => undefined };
  if (clause === 'SET') {
    tokens.expect('=');
    const value = parseSum(tokens, parameter);
    return {
      path,
      value: (scope) => {
        const result = value(scope);
        if (!result)
          throw refuse('an operand of the update expression refers to an attribute that does not exist');
        return result;
      },
    };
  }
  const amount = parseOperand(tokens, parameter);
  const combine = clause === 'ADD' ? add : without;
  return { path, value: (scope, current) => combine(current, amount(scope)) };
}

function parseSum(tokens: Tokens, parameter: NextParameter): Operand {
  const left = parseValue(tokens, parameter);
  const sign = tokens.keyword === '+' ? 1 : tokens.keyword === '-' ? -1 : undefined;
  if (sign === undefined) return left;
  tokens.take();
  const right = parseValue(tokens, parameter);
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (a?.N === undefined || b?.N === undefined)
      throw refuse(`an operand of ${sign === 1 ? '+' : '-'} is absent or no number`);
    return { N: addNumbers(a.N, b.N, sign) };
  };
}

function parseValue(tokens: Tokens, parameter: NextParameter): Operand {
  if (!tokens.isCall) return parseOperand(tokens, parameter);
  const name = tokens.take().toUpperCase();
  tokens.expect('(');
  const first = parseValue(tokens, parameter);
  tokens.expect(',');
  const second = parseValue(tokens, parameter);
  tokens.expect(')');
  if (name === 'IF_NOT_EXISTS') return (scope) => first(scope) ?? second(scope);
  if (name !== 'LIST_APPEND') throw tokens.unknown(`${name} is no function of an update`);
  return (scope) => {
    const [a, b] = [first(scope), second(scope)];
    if (!a?.L || !b?.L) throw refuse('an operand of list_append is absent or no list');
    return { L: [...a.L, ...b.L] };
  };
}

function add(current: AttributeValue | undefined, amount: AttributeValue | undefined): AttributeValue {
  if (amount?.N !== undefined && (!current || current.N !== undefined))
    return { N: addNumbers(current?.N ?? '0', amount.N, 1) };
  if (amount?.SS && (!current || current.SS))
    return { SS: [...new Set([...(current?.SS ?? []), ...amount.SS])] };
  if (amount?.NS && (!current || current.NS))
    return { NS: [...new Set([...(current?.NS ?? []), ...amount.NS])] };
  throw refuse('ADD takes a number, or a set of the type that the attribute has');
}

function without(
  current: AttributeValue | undefined,
  removed: AttributeValue | undefined,
): AttributeValue | undefined {
  if (!removed?.SS && !removed?.NS) throw refuse('DELETE takes a set');
  const gone = new Set(removed.SS ?? removed.NS);
  const left = (current?.SS ?? current?.NS ?? []).filter((one) => !gone.has(one));
  if (left.length === 0) return undefined;
  return current?.SS ? { SS: left } : { NS: left };
}

/** Applies changes to a copy of the item. */
export function applyChanges(changes: readonly Change[], scope: Scope): Item {
  const item: Item = structuredClone(scope.item ?? {});
  const resolved = changes.map(({ path, value }) => {
    const way = path(scope);
    return { way, result: value(scope, readPath(scope.item, way)) };
  });
  refuseOverlap(resolved.map(({ way }) => way));
  for (const { way, result } of resolved) if (result) writePath(item, way, structuredClone(result));
  const removed = resolved.filter(({ result }) => !result).map(({ way }) => way);
  for (const way of removed) if (typeof way.at(-1) === 'string') removePath(item, way);
  // From the last to the first, so that the indices of a list stay right.
  const elements = removed.filter((way) => typeof way.at(-1) === 'number');
  for (const way of elements.toSorted((a, b) => Number(b.at(-1)) - Number(a.at(-1)))) removePath(item, way);
  return item;
}

function refuseOverlap(ways: readonly Path[]): void {
  const overlapping = ways.find((way, index) =>
    ways.some((other, at) => at !== index && way.every((step, depth) => other[depth] === step)),
  );
  if (overlapping) throw refuse(`two changes of one update overlap: ${overlapping.join('.')}`);
}

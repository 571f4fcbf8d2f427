import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Tokens } from './tokens.ts';

export type Item = Record<string, AttributeValue>;

/** What names and placeholders stand for while an expression is evaluated. */
export interface Scope {
  readonly item: Item | undefined;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

export type Condition = (scope: Scope) => boolean;
export type Operand = (scope: Scope) => AttributeValue | undefined;
/** Tells the parser what the n-th `?` of a PartiQL statement stands for. */
export type NextParameter = () => string;

const COMPARE: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Parses `a = :b AND (attribute_not_exists(c) OR d < :e)`, of ConditionExpression and of WHERE. */
export function parseCondition(tokens: Tokens, parameter: NextParameter): Condition {
  let left = parseAnd(tokens, parameter);
  while (tokens.accept('OR')) {
    const [first, second] = [left, parseAnd(tokens, parameter)];
    left = (scope) => first(scope) || second(scope);
  }
  return left;
}

function parseAnd(tokens: Tokens, parameter: NextParameter): Condition {
  let left = parseTerm(tokens, parameter);
  while (tokens.accept('AND')) {
    const [first, second] = [left, parseTerm(tokens, parameter)];
    left = (scope) => first(scope) && second(scope);
  }
  return left;
}

function parseTerm(tokens: Tokens, parameter: NextParameter): Condition {
  if (tokens.accept('NOT')) {
    const inner = parseTerm(tokens, parameter);
    return (scope) => !inner(scope);
  }
  if (tokens.accept('(')) {
    const inner = parseCondition(tokens, parameter);
    tokens.expect(')');
    return inner;
  }
  if (tokens.keyword === 'ATTRIBUTE_EXISTS' || tokens.keyword === 'ATTRIBUTE_NOT_EXISTS') {
    return parseExists(tokens, parameter);
  }
  return parseComparison(tokens, parameter);
}

function parseExists(tokens: Tokens, parameter: NextParameter): Condition {
  const wanted = tokens.take().toUpperCase() === 'ATTRIBUTE_EXISTS';
  tokens.expect('(');
  const operand = parseOperand(tokens, parameter);
  tokens.expect(')');
  return (scope) => (operand(scope) !== undefined) === wanted;
}

function parseComparison(tokens: Tokens, parameter: NextParameter): Condition {
  const left = parseOperand(tokens, parameter);
  const sign = tokens.take();
  const right = parseOperand(tokens, parameter);
  const holds = COMPARE[sign];
  if (!holds) throw new SyntaxError(`unknown comparison '${sign}'`);
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    // DynamoDB finds a comparison with an absent attribute false, whatever the sign but <>.
    if (a === undefined || b === undefined) return sign === '<>' && a !== b;
    return holds(order(a, b));
  };
}

/** Parses a name, a `:placeholder`, a `?`, or a literal. */
export function parseOperand(tokens: Tokens, parameter: NextParameter): Operand {
  const token = tokens.take();
  if (token === '?') {
    const key = parameter();
    return ({ values }) => values[key];
  }
  if (token.startsWith(':')) return ({ values }) => values[token];
  if (token.startsWith("'")) return () => ({ S: token.slice(1, -1) });
  if (/^-?\d/.test(token)) return () => ({ N: token });
  return ({ item, names }) => item?.[attributeName(token, names)];
}

/** Resolves `#alias`, `"quoted"` and plain names. */
export function attributeName(token: string, names: Readonly<Record<string, string>>): string {
  if (token.startsWith('"')) return token.slice(1, -1);
  return token.startsWith('#') ? (names[token] ?? token) : token;
}

function order(a: AttributeValue, b: AttributeValue): number {
  if (a.N !== undefined && b.N !== undefined) return Number(a.N) - Number(b.N);
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { areEqual, compare } from '../values/equal.ts';
import { type NextParameter, type Operand, parseOperand } from './operand.ts';
import type { Scope } from './path.ts';
import type { Tokens } from './tokens.ts';

export type Condition = (scope: Scope) => boolean;

type Compare = (a: AttributeValue, b: AttributeValue) => boolean;

const ordered =
  (holds: (order: number) => boolean): Compare =>
  (a, b) => {
    const order = compare(a, b);
    return order !== undefined && holds(order);
  };

const COMPARE: Readonly<Record<string, Compare>> = {
  '=': areEqual,
  '<>': (a, b) => !areEqual(a, b),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
};

/**
 * Parses a condition, filter or key condition, and the WHERE of a PartiQL statement.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
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
  const test = tokens.isCall ? TESTS[tokens.keyword] : undefined;
  if (!test) return parseComparison(tokens, parameter);
  tokens.take();
  tokens.expect('(');
  const operands: Operand[] = [];
  do operands.push(parseOperand(tokens, parameter));
  while (tokens.accept(','));
  tokens.expect(')');
  return (scope) => {
    const [subject, argument] = operands.map((operand) => operand(scope));
    return test(subject, argument);
  };
}

type Test = (subject: AttributeValue | undefined, argument: AttributeValue | undefined) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  ATTRIBUTE_EXISTS: (subject) => subject !== undefined,
  ATTRIBUTE_NOT_EXISTS: (subject) => subject === undefined,
  ATTRIBUTE_TYPE: (subject, type) => subject !== undefined && Object.hasOwn(subject, type?.S ?? ''),
  BEGINS_WITH: (subject, start) => {
    if (subject?.S !== undefined && start?.S !== undefined) return subject.S.startsWith(start.S);
    if (!subject?.B || !start?.B) return false;
    return Buffer.compare(subject.B.subarray(0, start.B.length), start.B) === 0;
  },
  CONTAINS: (subject, part) => {
    if (!subject || !part) return false;
    if (subject.S !== undefined) return part.S !== undefined && subject.S.includes(part.S);
    return membersOf(subject).some((one) => areEqual(one, part));
  },
};

function membersOf({ L, SS, NS, BS }: AttributeValue): AttributeValue[] {
  return L ?? SS?.map((S) => ({ S })) ?? NS?.map((N) => ({ N })) ?? BS?.map((B) => ({ B })) ?? [];
}

function parseComparison(tokens: Tokens, parameter: NextParameter): Condition {
  const left = parseOperand(tokens, parameter);
  if (tokens.accept('BETWEEN')) {
    const low = parseOperand(tokens, parameter);
    tokens.expect('AND');
    const high = parseOperand(tokens, parameter);
    return (scope) => relates('>=', left, low, scope) && relates('<=', left, high, scope);
  }
  if (tokens.accept('IN')) {
    tokens.expect('(');
    const options: Operand[] = [];
    do options.push(parseOperand(tokens, parameter));
    while (tokens.accept(','));
    tokens.expect(')');
    return (scope) => options.some((option) => relates('=', left, option, scope));
  }
  const sign = tokens.take();
  if (!COMPARE[sign]) throw tokens.unknown(`'${sign}' is no comparison`);
  const right = parseOperand(tokens, parameter);
  return (scope) => relates(sign, left, right, scope);
}

/** A comparison with an attribute that is absent is false, whatever the sign but `<>`. */
function relates(sign: string, left: Operand, right: Operand, scope: Scope): boolean {
  const [a, b] = [left(scope), right(scope)];
  if (a === undefined || b === undefined) return sign === '<>' && a !== b;
  return COMPARE[sign]?.(a, b) ?? false;
}

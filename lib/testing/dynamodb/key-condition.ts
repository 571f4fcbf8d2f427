import { refuse } from './errors.ts';
import { noParameter, parseOperand } from './operand.ts';
import { type Path, parsePath, type Scope } from './path.ts';
import { type Expressions, scopeOf } from './scope.ts';
import type { Table } from './table.ts';
import { Tokens } from './tokens.ts';

/** One term of a key condition: an attribute, and how it is compared. */
interface Term {
  readonly path: (scope: Scope) => Path;
  readonly operator: string;
}

const OF_SORT_KEY = new Set(['=', '<', '<=', '>', '>=', 'BETWEEN', 'BEGINS_WITH']);

/**
 * Refuses a Query that DynamoDB cannot answer from the keys: its condition is that of the partition key with `=`, and at most one of the sort
 * key.
 *
 * @throws ValidationException that says what is missing or too much
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function checkKeyCondition(request: Expressions, { keys }: Pick<Table, 'keys'>): void {
  const { KeyConditionExpression: text } = request;
  if (text === undefined)
    throw refuse('Either the KeyConditions or KeyConditionExpression parameter must be specified');
  const tokens = new Tokens(text);
  const terms = parseTerms(tokens);
  tokens.expectEnd();
  const scope = scopeOf(request, undefined);
  const named = terms.map(({ path, operator }) => ({ name: path(scope).join('.'), operator }));
  const { partitionKey, sortKey } = keys;
  const [partition, second] = [partitionKey, sortKey].map((key) => named.filter(({ name }) => name === key));
  if (!partition?.some(({ operator }) => operator === '='))
    throw refuse(`Query condition missed key schema element: ${partitionKey}`);
  if (named.length > 2 || partition.length > 1 || named.length > 1 + (second?.length ?? 0))
    throw refuse('KeyConditionExpressions must only contain one condition per key');
  if (second?.some(({ operator }) => !OF_SORT_KEY.has(operator)))
    throw refuse(`Invalid operator used in KeyConditionExpression: ${second[0]?.operator}`);
}

function parseTerms(tokens: Tokens): readonly Term[] {
  const terms = [...parseTerm(tokens)];
  while (tokens.accept('AND')) terms.push(...parseTerm(tokens));
  if (tokens.keyword === 'OR') throw refuse('Invalid operator used in KeyConditionExpression: OR');
  return terms;
}

function parseTerm(tokens: Tokens): readonly Term[] {
  if (tokens.keyword === 'NOT') throw refuse('Invalid operator used in KeyConditionExpression: NOT');
  if (tokens.accept('(')) {
    const inner = parseTerms(tokens);
    tokens.expect(')');
    return inner;
  }
  return [tokens.isCall ? parseCall(tokens) : parseComparison(tokens)];
}

function parseCall(tokens: Tokens): Term {
  const operator = tokens.take().toUpperCase();
  tokens.expect('(');
  const path = parsePath(tokens);
  while (tokens.accept(',')) parseOperand(tokens, noParameter);
  tokens.expect(')');
  return { path, operator };
}

function parseComparison(tokens: Tokens): Term {
  const path = parsePath(tokens);
  const operator = tokens.take().toUpperCase();
  parseOperand(tokens, noParameter);
  if (operator === 'BETWEEN') {
    tokens.expect('AND');
    parseOperand(tokens, noParameter);
  }
  return { path, operator };
}

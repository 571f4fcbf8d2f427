import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Item, type Operand, parseCondition, parseOperand, type Scope } from './expression.ts';
import { Tokens } from './tokens.ts';
import { applyChanges, parseChanges } from './update.ts';

/** How a statement ended: what the item is afterwards, or the error code of BatchExecuteStatement. */
export type StatementResult =
  | { readonly item: Item; readonly error?: never }
  | { readonly error: string; readonly item?: never };

/** A parsed PartiQL statement that writes one item, ready to be executed with its parameters. */
export interface Statement {
  readonly table: string;
  /** The value of the partition key, `id`, among the parameters. */
  id(parameters: readonly AttributeValue[]): string;
  execute(item: Item | undefined, parameters: readonly AttributeValue[]): StatementResult;
}

const parsed = new Map<string, Statement>();

/** Parses an INSERT or UPDATE of an item whose partition key is `id`; the same text is parsed once. */
export function parseStatement(text: string): Statement {
  const known = parsed.get(text);
  if (known) return known;
  const tokens = new Tokens(text);
  const statement =
    tokens.take().toUpperCase() === 'INSERT' ? parseInsert(tokens) : parseUpdate(tokens, text);
  parsed.set(text, statement);
  return statement;
}

function parseInsert(tokens: Tokens): Statement {
  tokens.expect('INTO');
  const table = unquote(tokens.take());
  tokens.expect('VALUE');
  tokens.expect('{');
  const parameter = counter();
  const attributes: [string, Operand][] = [];
  do {
    const name = unquote(tokens.take());
    tokens.expect(':');
    attributes.push([name, parseOperand(tokens, parameter)]);
  } while (tokens.accept(','));
  tokens.expect('}');
  const build = (parameters: readonly AttributeValue[]): Item => {
    const scope = scopeOf(undefined, parameters);
    const item: Item = {};
    for (const [name, operand] of attributes) {
      const value = operand(scope);
      if (value) item[name] = value;
    }
    return item;
  };
  return {
    table,
    id: (parameters) => build(parameters).id?.S ?? '',
    execute: (item, parameters) => (item ? { error: 'DuplicateItem' } : { item: build(parameters) }),
  };
}

function parseUpdate(tokens: Tokens, text: string): Statement {
  const table = unquote(tokens.take());
  const parameter = counter();
  const changes = parseChanges(tokens, parameter);
  tokens.expect('WHERE');
  const condition = parseCondition(tokens, parameter);
  // Which `?` is the key: as many come before it as the text has before `"id"=?`.
  const [before = ''] = text.split(/"?\bid"?\s*=\s*\?/);
  const keyIndex = before.split('?').length - 1;
  return {
    table,
    id: (parameters) => parameters[keyIndex]?.S ?? '',
    execute: (item, parameters) => {
      const scope = scopeOf(item, parameters);
      if (!item || !condition(scope)) return { error: 'ConditionalCheckFailed' };
      return { item: applyChanges(changes, scope) };
    },
  };
}

function counter(): () => string {
  let count = 0;
  return () => `?${count++}`;
}

function scopeOf(item: Item | undefined, parameters: readonly AttributeValue[]): Scope {
  const values = Object.fromEntries(parameters.map((value, index) => [`?${index}`, value]));
  return { item, names: {}, values };
}

function unquote(token: string): string {
  return token.replace(/^["'](.*)["']$/, '$1');
}

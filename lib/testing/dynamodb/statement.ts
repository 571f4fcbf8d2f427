import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Condition, parseCondition } from './condition.ts';
import { UnknownRequest } from './errors.ts';
import { type Operand, parseOperand } from './operand.ts';
import type { Item, Scope } from './path.ts';
import { Tokens } from './tokens.ts';
import { applyChanges, type Change, parseChanges } from './update.ts';

/** A PartiQL statement that writes one item of a table whose partition key is `id`: those of the runtime itself. */
export interface Statement {
  readonly table: string;
  /** The value of `id` among the parameters. */
  readonly id: string;
  /** What the item is afterwards, or the error code of BatchExecuteStatement. */
  execute(item: Item | undefined): { readonly item: Item } | { readonly error: string };
}

/** @throws ValidationException when it is neither an INSERT nor an UPDATE */
export function parseStatement(text: string, parameters: readonly AttributeValue[]): Statement {
  const tokens = new Tokens(text);
  if (tokens.accept('INSERT')) return parseInsert(tokens, parameters);
  if (tokens.accept('UPDATE')) return parseUpdate(tokens, { text, parameters });
  throw new UnknownRequest(
    'the testing kit knows no PartiQL but INSERT and UPDATE of one item; use the other commands',
  );
}

function parseInsert(tokens: Tokens, parameters: readonly AttributeValue[]): Statement {
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
  const scope = scopeOf(undefined, parameters);
  const item: Item = {};
  for (const [name, operand] of attributes) {
    const value = operand(scope);
    if (value) item[name] = value;
  }
  return {
    table,
    id: item.id?.S ?? '',
    execute: (existing) => (existing ? { error: 'DuplicateItem' } : { item }),
  };
}

function parseUpdate(
  tokens: Tokens,
  { text, parameters }: { readonly text: string; readonly parameters: readonly AttributeValue[] },
): Statement {
  const table = unquote(tokens.take());
  const parameter = counter();
  const changes: readonly Change[] = parseChanges(tokens, parameter);
  tokens.expect('WHERE');
  const condition: Condition = parseCondition(tokens, parameter);
  // Which `?` is the key: as many come before it as the text has before `"id"=?`.
  const [before = ''] = text.split(/"?\bid"?\s*=\s*\?/);
  const keyIndex = before.split('?').length - 1;
  return {
    table,
    id: parameters[keyIndex]?.S ?? '',
    execute: (existing) => {
      const scope = scopeOf(existing, parameters);
      if (!existing || !condition(scope)) return { error: 'ConditionalCheckFailed' };
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

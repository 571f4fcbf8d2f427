import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { refuse, UnknownRequest } from './errors.ts';
import { parsePath, readPath, type Scope } from './path.ts';
import type { Tokens } from './tokens.ts';

export type Operand = (scope: Scope) => AttributeValue | undefined;

/** Names the value of the next `?` of a PartiQL statement. */
export type NextParameter = () => string;

/** In expressions there is no `?`. */
export const noParameter: NextParameter = () => {
  throw new UnknownRequest("'?' belongs to PartiQL statements, not to expressions");
};

/** Parses a path, a `:value`, a `?`, a literal of PartiQL, or `size(path)`. */
export function parseOperand(tokens: Tokens, parameter: NextParameter): Operand {
  if (tokens.isCall && tokens.accept('SIZE')) {
    tokens.expect('(');
    const inner = parseOperand(tokens, parameter);
    tokens.expect(')');
    return (scope) => sizeOf(inner(scope));
  }
  const next = tokens.keyword;
  if (next === '?') {
    tokens.take();
    const key = parameter();
    return ({ values }) => values[key];
  }
  if (next.startsWith(':')) {
    const key = tokens.take();
    return ({ values }) => {
      const value = values[key];
      if (value === undefined) throw refuse(`ExpressionAttributeValues does not define ${key}`);
      return value;
    };
  }
  if (next.startsWith("'")) {
    const text = tokens.take().slice(1, -1);
    return () => ({ S: text });
  }
  if (/^\d/.test(next)) {
    const number = tokens.take();
    return () => ({ N: number });
  }
  const path = parsePath(tokens);
  return (scope) => readPath(scope.item, path(scope));
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (!value) return undefined;
  const { S, B, L, M, SS, NS, BS } = value;
  const size =
    S !== undefined
      ? Buffer.byteLength(S)
      : (B?.length ?? L?.length ?? (M && Object.keys(M).length) ?? SS?.length ?? NS?.length ?? BS?.length);
  return size === undefined ? undefined : { N: String(size) };
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { refuse } from './errors.ts';
import type { Tokens } from './tokens.ts';

export type Item = Record<string, AttributeValue>;

/** The way to an attribute: names of members and indices of lists. */
export type Path = readonly [string, ...(string | number)[]];

/** The meaning of the names and placeholders of an expression. */
export interface Scope {
  readonly item: Item | undefined;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** Parses `#a.b[0]`; the names are looked up when it is used. */
export function parsePath(tokens: Tokens): (scope: Scope) => Path {
  const first = tokens.take();
  const rest: (string | number)[] = [];
  for (;;) {
    if (tokens.accept('.')) rest.push(tokens.take());
    else if (tokens.accept('[')) {
      rest.push(Number(tokens.take()));
      tokens.expect(']');
    } else break;
  }
  return ({ names }) => [
    nameOf(first, names),
    ...rest.map((one) => (typeof one === 'number' ? one : nameOf(one, names))),
  ];
}

/** Resolves `#alias`, PartiQL's `"quoted"`, and plain names. */
function nameOf(token: string, names: Readonly<Record<string, string>>): string {
  if (token.startsWith('"')) return token.slice(1, -1);
  if (!token.startsWith('#')) return token;
  const name = names[token];
  if (name === undefined) throw refuse(`ExpressionAttributeNames does not define ${token}`);
  return name;
}

export function readPath(item: Item | undefined, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = item && { M: item };
  for (const step of path) value = typeof step === 'number' ? value?.L?.[step] : value?.M?.[step];
  return value;
}

/** Sets an attribute in a copy that is ours. @throws ValidationException when what it would lie in is not there */
export function writePath(item: Item, path: Path, value: AttributeValue): void {
  const { list, map, step } = parentOf(item, path);
  if (map && typeof step === 'string') map[step] = value;
  else if (list && typeof step === 'number') list[Math.min(step, list.length)] = value;
  else throw invalidPath(path);
}

export function removePath(item: Item, path: Path): void {
  const { list, map, step } = parentOf(item, path);
  if (map && typeof step === 'string') delete map[step];
  else if (list && typeof step === 'number') list.splice(step, 1);
  else throw invalidPath(path);
}

function parentOf(item: Item, path: Path) {
  let parent: AttributeValue | undefined = { M: item };
  for (const step of path.slice(0, -1))
    parent = typeof step === 'number' ? parent?.L?.[step] : parent?.M?.[step];
  return { map: parent?.M, list: parent?.L, step: path.at(-1) };
}

function invalidPath(path: Path) {
  return refuse(
    `The document path provided in the update expression is invalid for update: ${path.join('.')}; what it lies in is not there`,
  );
}

import { type Item, type Path, parsePath, readPath, type Scope } from './path.ts';
import { type Expressions, scopeOf } from './scope.ts';
import { Tokens } from './tokens.ts';

/** A copy of the attributes that the request asks for. */
export function project(item: Item, request: Expressions): Item {
  if (request.ProjectionExpression === undefined) return structuredClone(item);
  const scope = scopeOf(request, item);
  return pick(
    item,
    parsePaths(request.ProjectionExpression).map((path) => path(scope)),
  );
}

/** A copy of what lies at these paths. */
export function pick(item: Item, paths: readonly Path[]): Item {
  const result: Item = {};
  for (const path of paths) keep(result, item, path);
  return structuredClone(result);
}

function parsePaths(text: string): ((scope: Scope) => Path)[] {
  const tokens = new Tokens(text);
  const paths: ((scope: Scope) => Path)[] = [];
  do paths.push(parsePath(tokens));
  while (tokens.accept(','));
  tokens.expectEnd();
  return paths;
}

/** Elements of lists are gathered in their order, as DynamoDB does. */
function keep(result: Item, item: Item, path: Path): void {
  const value = readPath(item, path);
  if (value === undefined) return;
  let target = result;
  for (const [index, step] of path.entries()) {
    const name = String(step);
    if (index === path.length - 1) target[name] = value;
    else {
      if (typeof path[index + 1] === 'number') {
        const list = target[name]?.L ?? [];
        target[name] = { L: [...list, value] };
        return;
      }
      const map: Item = target[name]?.M ?? {};
      target[name] = { M: map };
      target = map;
    }
  }
}

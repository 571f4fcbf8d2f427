import { parseAst } from 'vitest/node';

export type Program = ReturnType<typeof parseAst>;
type Statement = Program['body'][number];
type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];
/** A node of the syntax tree, with its place in the source. */
export type Node =
  | Statement
  | Expression
  | Extract<Expression, { type: 'ObjectExpression' }>['properties'][number]
  | Extract<Statement, { type: 'SwitchStatement' }>['cases'][number];

/** What a node is part of, the nearest first. */
export type Ancestors = readonly Node[];

/** Parses TypeScript; positions count as JavaScript's strings do. @throws SyntaxError */
export function parse(source: string): Program {
  return parseAst(source, { lang: 'ts' });
}

/** Whether Node can load it, as far as its syntax tells. */
export function isReadable(source: string): boolean {
  try {
    parse(source);
    return true;
  } catch {
    // What cannot be parsed cannot be loaded; that is the answer.
    return false;
  }
}

/** Calls `visit` for every node that is executed, from the outside to the inside; imports and types are none. */
export function walk(program: Program, visit: (node: Node, ancestors: Ancestors) => void): void {
  const into = (value: unknown, ancestors: Ancestors): void => {
    if (Array.isArray(value)) {
      for (const one of value) into(one, ancestors);
      return;
    }
    if (!isNode(value) || isErased(value)) return;
    visit(value, ancestors);
    for (const child of Object.values(value)) into(child, [value, ...ancestors]);
  };
  into(program.body, []);
}

/** The parser's nodes have a type and a place; whatever else has them is not in its trees. */
function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** These wrap an expression, which is executed. */
const WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

function isErased({ type }: Node): boolean {
  if (type === 'ImportDeclaration' || type === 'ExportAllDeclaration') return true;
  return type.startsWith('TS') && !WRAPPERS.has(type);
}

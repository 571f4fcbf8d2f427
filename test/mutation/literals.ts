import type { TextChange } from './dynamodb-expressions.ts';
import type { Ancestors, Node } from './syntax.ts';

type Literal = Extract<Node, { type: 'Literal' }>;

/** Larger numbers are limits, times and sizes, where one more or less is the same to everybody. */
const LARGEST_COUNT = 25;
const FACTOR = 10;
/** Classes whose arguments are more than a text for people. */
const NO_ERRORS = /^(?:Set|Map|URL|Date|Uint8Array|\w*Command)$/;

/** A boolean is negated, a number is one more and one less, or ten times as much and a tenth; a text is another one. */
export function literalChanges(node: Literal, ancestors: Ancestors): TextChange[] {
  const { value, start, end } = node;
  const by = (replacement: string): TextChange => ({ start, end, replacement });
  switch (typeof value) {
    case 'boolean':
      return [by(String(!value))];
    case 'number':
      return numbersBeside(value).map((other) => by(String(other)));
    case 'string':
      if (isSaidOtherwise(node, ancestors) || isForPeople(value, ancestors)) return [];
      // A number of DynamoDB's.
      return [by(quote(/^-?\d+$/.test(value) ? String(Number(value) + 1) : 'mutant'))];
    default:
      return [];
  }
}

/** A text as a literal of the source. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

function numbersBeside(value: number): number[] {
  if (value === 0) return [1];
  return value > LARGEST_COUNT || !Number.isInteger(value)
    ? [value * FACTOR, value / FACTOR]
    : [value + 1, value - 1];
}

/** Names are no values. One side of an equality and a branch are changed with the condition. */
function isSaidOtherwise(node: Literal, [parent]: Ancestors): boolean {
  if (parent?.type === 'Property') return parent.key === node;
  if (parent?.type === 'BinaryExpression') return true;
  return parent?.type === 'ConditionalExpression';
}

/** A text with a space, and whatever an error is made of. */
function isForPeople(value: string, ancestors: Ancestors): boolean {
  if (value.includes(' ')) return true;
  return ancestors.some(
    (one) =>
      one.type === 'NewExpression' && one.callee.type === 'Identifier' && !NO_ERRORS.test(one.callee.name),
  );
}

import { clauseChanges, type TextChange, weaken } from './dynamodb-expressions.ts';
import { literalChanges, quote } from './literals.ts';
import type { Ancestors, Node } from './syntax.ts';

type Of<Type extends Node['type']> = Extract<Node, { type: Type }>;
type Place = Pick<Node, 'start' | 'end'>;

/** The boundary moves by one value. */
const BOUNDARIES: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const OPPOSITES: Readonly<Record<string, string>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '===': '!==',
  '!==': '===',
};
const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*', '%': '*' };
const ASSIGNMENTS: Readonly<Record<string, string>> = {
  '??=': '=',
  '||=': '=',
  '&&=': '=',
  '+=': '-=',
  '-=': '+=',
};
/** Methods with a counterpart of the same parameters. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};
/** Methods whose result is of the kind of what they are called on: the call may be left out. */
const OMITTED = new Set(['filter', 'toSorted', 'slice', 'trim', 'toLowerCase', 'replace', 'replaceAll']);
/** Lines of a log: for people, and watched by nobody but them. */
const LOGGING = /\b(?:console|logger|loggerFor\(.*\))\.(?:debug|info|warn|error)$/s;
/** The one property of an attribute of DynamoDB: without it the attribute is none. */
const ATTRIBUTE_TYPES = new Set(['S', 'N', 'BOOL', 'L', 'M']);

/** What may be put in the place of a node, or of a part of it. Leaves out what another change says as well. */
export function changesOf(node: Node, ancestors: Ancestors, source: string): TextChange[] {
  if ([node, ...ancestors].some((one) => isLogging(one, source))) return [];
  const text = (place: Place): string => source.slice(place.start, place.end);
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return [change(node.test, 'true'), change(node.test, 'false')];
    case 'WhileStatement':
      return [change(node.test, 'false')];
    case 'ForStatement':
      return node.test ? [change(node.test, 'false')] : [];
    case 'BinaryExpression':
      return binaryChanges(node, ancestors, source);
    case 'LogicalExpression':
      return [change(node, text(node.left)), change(node, text(node.right))];
    case 'UnaryExpression':
      return node.operator === '!' && !decides(node, ancestors) ? [change(node, text(node.argument))] : [];
    case 'Literal':
      return stringChanges(node, ancestors) ?? literalChanges(node, ancestors);
    case 'TemplateLiteral':
      return templateChanges(node, source);
    case 'ExpressionStatement':
      return statementChanges(node, ancestors, text);
    case 'ContinueStatement':
    case 'BreakStatement':
    case 'ThrowStatement':
      return isOnlyOneOfIf(node, ancestors) ? [] : [change(node, ';')];
    case 'ReturnStatement':
      return node.argument || isOnlyOneOfIf(node, ancestors) ? [] : [change(node, ';')];
    case 'AssignmentExpression':
      return assignmentChanges(node, source);
    case 'MemberExpression':
      return node.optional ? [optionalChange(node, node.object, source)] : [];
    case 'CallExpression':
      return callChanges(node, source);
    case 'SpreadElement':
      return spreadChanges(node, ancestors);
    case 'Property':
      return propertyChanges(node, ancestors);
    default:
      return [];
  }
}

function change({ start, end }: Place, replacement: string): TextChange {
  return { start, end, replacement };
}

/** Whether a branch is taken by it alone, or by it and others: `true` and `false` in the place of the whole, and the whole without it, say more than its negation. */
function decides(node: Node, [parent]: Ancestors): boolean {
  if (parent?.type === 'LogicalExpression') return true;
  return (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === node;
}

/** It is left out as well when the condition is false. */
function isOnlyOneOfIf(node: Node, [parent, above]: Ancestors): boolean {
  if (parent?.type === 'IfStatement') return parent.consequent === node && !parent.alternate;
  const alone = parent?.type === 'BlockStatement' && parent.body.length === 1;
  return alone && above?.type === 'IfStatement' && above.consequent === parent && !above.alternate;
}

function binaryChanges(node: Of<'BinaryExpression'>, ancestors: Ancestors, source: string): TextChange[] {
  const { left, right, operator } = node;
  if (operator === '+' && [left, right].some(isText)) return [];
  const others = [
    BOUNDARIES[operator],
    decides(node, ancestors) ? undefined : OPPOSITES[operator],
    ARITHMETIC[operator],
  ];
  const between = source.slice(left.end, right.start);
  return others.flatMap((other) => {
    if (other === undefined) return [];
    const [before, after] = [source.slice(node.start, left.end), source.slice(right.start, node.end)];
    return [change(node, before + between.replace(operator, other) + after)];
  });
}

function isText(node: { readonly type: string; readonly value?: unknown }): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

/** Of a text of DynamoDB's; undefined for any other. */
function stringChanges(node: Of<'Literal'>, [parent]: Ancestors): TextChange[] | undefined {
  const { value } = node;
  if (typeof value !== 'string') return undefined;
  const changes = parent?.type === 'ArrayExpression' ? clauseChanges(value) : weaken(value);
  if (changes.length === 0) return undefined;
  return changes.map(({ start, end, replacement }) =>
    change(node, quote(value.slice(0, start) + replacement + value.slice(end))),
  );
}

function templateChanges({ quasis }: Of<'TemplateLiteral'>, source: string): TextChange[] {
  return quasis.flatMap((quasi) => {
    const at = source.indexOf(quasi.value.raw, quasi.start);
    return weaken(quasi.value.raw).map(({ start, end, replacement }) =>
      change({ start: at + start, end: at + end }, replacement),
    );
  });
}

/** A statement is left out; or nobody waits for it. */
function statementChanges(
  node: Of<'ExpressionStatement'>,
  ancestors: Ancestors,
  text: (place: Place) => string,
): TextChange[] {
  const { expression } = node;
  return [
    ...(isOnlyOneOfIf(node, ancestors) ? [] : [change(node, ';')]),
    ...(expression.type === 'AwaitExpression' ? [change(expression, text(expression.argument))] : []),
  ];
}

function assignmentChanges(
  { left, right, operator }: Of<'AssignmentExpression'>,
  source: string,
): TextChange[] {
  const other = ASSIGNMENTS[operator];
  const between = { start: left.end, end: right.start };
  return other ? [change(between, source.slice(left.end, right.start).replace(operator, other))] : [];
}

/** `a?.b` becomes `a.b`, `a?.[b]` becomes `a[b]`, `a?.(b)` becomes `a(b)`. */
function optionalChange(node: Place, object: Place, source: string): TextChange {
  const rest = source.slice(object.end, node.end);
  return change({ start: object.end, end: node.end }, rest.replace(/\?\.(?=[[(])|\?(?=\.)/, ''));
}

function callChanges(node: Of<'CallExpression'>, source: string): TextChange[] {
  const { callee } = node;
  if (node.optional) return [optionalChange(node, callee, source)];
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  const { name } = callee.property;
  const counterpart = COUNTERPARTS[name];
  return [
    ...(counterpart ? [change(callee.property, counterpart)] : []),
    ...(OMITTED.has(name) ? [change(node, source.slice(callee.object.start, callee.object.end))] : []),
  ];
}

function spreadChanges(node: Of<'SpreadElement'>, [parent]: Ancestors): TextChange[] {
  const { type } = node.argument;
  if (type === 'LogicalExpression' || type === 'ConditionalExpression') return [];
  return [change(node, parent?.type === 'ObjectExpression' ? '...{}' : '...[]')];
}

/** A property is left out, unless its value can be changed, or it is a method. */
function propertyChanges(node: Of<'Property'>, [parent]: Ancestors): TextChange[] {
  const { key, value } = node;
  if (parent?.type !== 'ObjectExpression') return [];
  if (/^(?:Literal|ObjectExpression|.*Function.*)$/.test(value.type)) return [];
  return key.type === 'Identifier' && ATTRIBUTE_TYPES.has(key.name) ? [] : [change(node, '...{}')];
}

function isLogging(node: Node, source: string): boolean {
  if (node.type === 'ExpressionStatement') return isLogging(node.expression, source);
  return node.type === 'CallExpression' && LOGGING.test(source.slice(node.callee.start, node.callee.end));
}

import { entryOf } from '../functions/entry-of.ts';
import type { Template } from './read-assembly.ts';

/** The values that intrinsic functions can refer to while a template is resolved. */
export interface Scope {
  readonly stackName: string;
  readonly template: Template;
  /** `AWS::Region` and the like. */
  readonly pseudo: Readonly<Record<string, string>>;
  /** The physical id of a resource that exists. */
  reference(logicalId: string): string;
  attribute(logicalId: string, name: string): string;
  exported(name: string): string;
  /** The value of a parameter of Systems Manager. */
  parameter(name: string): string;
  /** An output of a stack that is deployed already. */
  output(stackName: string, name: string): string;
}

type Resolver = (argument: unknown, scope: Scope) => unknown;

const FUNCTIONS: Readonly<Record<string, Resolver>> = {
  Ref: (name, scope) => resolveReference(text(name), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...path] =
      typeof argument === 'string' ? argument.split('.') : list(argument).map(text);
    return scope.attribute(logicalId ?? '', path.join('.'));
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument);
    return list(resolve(parts, scope)).map(text).join(text(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument);
    const from = list(resolve(values, scope));
    return existing(
      from[Number(resolve(index, scope))],
      `Fn::Select ${JSON.stringify(index)} of ${from.length}`,
    );
  },
  'Fn::Split': (argument, scope) => {
    const [separator, value] = list(argument);
    return text(resolve(value, scope)).split(text(separator));
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::ImportValue': (name, scope) => scope.exported(text(resolve(name, scope))),
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = resolve(argument, scope) as Record<string, unknown>;
    return scope.output(text(StackName), text(OutputName));
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(argument).map((key) => text(resolve(key, scope)));
    const found = entryOf(scope.template.Mappings, map ?? '');
    const value = entryOf(entryOf(found, first ?? ''), second ?? '');
    return existing(value, `mapping ${map}.${first}.${second} of stack ${scope.stackName}`);
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = list(argument);
    return resolve(isConditionTrue(text(condition), scope) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument).map((side) => resolve(side, scope));
    // CloudFormation compares strings: the parameter '1' equals the number 1.
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => !resolve(list(argument)[0], scope),
  'Fn::And': (argument, scope) => list(argument).every((part) => resolve(part, scope) === true),
  'Fn::Or': (argument, scope) => list(argument).some((part) => resolve(part, scope) === true),
  Condition: (name, scope) => isConditionTrue(text(name), scope),
};

/** Marks a value that is `AWS::NoValue`. Its property is removed. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Resolves the intrinsic functions in a value of a template.
 *
 * @throws Error that names what cannot be resolved
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope)).filter((one) => one !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1) {
    const [name, argument] = first;
    const resolver = entryOf(FUNCTIONS, name);
    // `Condition` is also an ordinary key, for example in a policy statement. Only as a function is its value a name.
    if (resolver && (name !== 'Condition' || typeof argument === 'string')) return resolver(argument, scope);
    if (name.startsWith('Fn::'))
      throw new Error(`${name} in stack ${scope.stackName} is not known to the local runner`);
  }
  const resolved = entries.map(([key, one]) => [key, resolve(one, scope)] as const);
  return Object.fromEntries(resolved.filter(([, one]) => one !== NO_VALUE));
}

/** Whether a named condition of the template is true. */
export function isConditionTrue(name: string, scope: Scope): boolean {
  const condition = existing(
    entryOf(scope.template.Conditions, name),
    `condition ${name} of stack ${scope.stackName}`,
  );
  return resolve(condition, scope) === true;
}

/** The logical ids that a value refers to, by any intrinsic function. */
export function referencesOf(value: unknown): Set<string> {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      if (key === 'Ref') found.add(text(child));
      if (key === 'Fn::GetAtt')
        found.add(typeof child === 'string' ? (child.split('.')[0] ?? '') : text(list(child)[0]));
      if (key === 'Fn::Sub') {
        const template = text(Array.isArray(child) ? child[0] : child);
        for (const [, name = ''] of template.matchAll(/\$\{([^!.}]+)(?:\.[^}]*)?\}/g)) found.add(name);
      }
      walk(child);
    }
  };
  walk(value);
  return found;
}

function resolveReference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const pseudo = entryOf(scope.pseudo, name);
  if (pseudo !== undefined) return pseudo;
  const parameter = entryOf(scope.template.Parameters, name);
  if (!parameter) return scope.reference(name);
  if (parameter.Default === undefined) {
    throw new Error(
      `parameter ${name} of stack ${scope.stackName} has no default; give it one: the local runner takes no parameters`,
    );
  }
  return isSsmParameter(parameter) ? scope.parameter(text(parameter.Default)) : parameter.Default;
}

/** Whether CloudFormation reads the value from Systems Manager: the parameter itself has only the name. */
export function isSsmParameter({ Type }: { readonly Type?: string }): boolean {
  return Type?.startsWith('AWS::SSM::Parameter::Value<') ?? false;
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, variables = {}] = Array.isArray(argument) ? argument : [argument];
  const own = resolve(variables, scope) as Record<string, unknown>;
  return text(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(own, name)) return text(own[name]);
    const [logicalId = '', ...path] = name.split('.');
    return path.length > 0
      ? scope.attribute(logicalId, path.join('.'))
      : text(resolveReference(logicalId, scope));
  });
}

function existing(value: unknown, what: string): unknown {
  if (value === undefined) throw new Error(`${what} does not exist`);
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw new Error(`expected a list in an intrinsic function, got ${JSON.stringify(value)}`);
  return value;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`expected a string in an intrinsic function, got ${JSON.stringify(value)}`);
}

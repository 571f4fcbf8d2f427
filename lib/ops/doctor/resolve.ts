import { attributeOf, locationOf } from './attributes.ts';
import type { Template } from './read-assembly.ts';
import type { DeployedResource, DeployedStack } from './read-stacks.ts';

/** Marks an unknown part of a string; it equals any string. It is a character of Unicode's private use area. */
export const UNRESOLVED = '\uE000';

/** A stack that is synthesized and deployed. */
export interface StackPair {
  readonly template: Template;
  readonly deployed: DeployedStack;
  readonly resources: ReadonlyMap<string, DeployedResource>;
}

/** All stacks by name, because one may import what another exports. */
export type Pairs = ReadonlyMap<string, StackPair>;

/** Marks a value that is `AWS::NoValue`. Its property is removed. */
const NO_VALUE = Symbol('AWS::NoValue');

type Resolver = (argument: unknown, pair: StackPair, pairs: Pairs) => unknown;

const FUNCTIONS: Readonly<Record<string, Resolver>> = {
  Ref: (name, pair) => reference(String(name), pair),
  'Fn::GetAtt': (argument, pair) => {
    const [logicalId = '', ...path] = Array.isArray(argument)
      ? argument.map(String)
      : String(argument).split('.');
    return attribute(logicalId, path.join('.'), pair);
  },
  'Fn::Join': (argument, pair, pairs) => {
    const [separator, parts] = list(argument);
    const resolved = resolve(parts, pair, pairs);
    return Array.isArray(resolved) ? resolved.map(String).join(String(separator)) : UNRESOLVED;
  },
  'Fn::Select': (argument, pair, pairs) => {
    const [index, values] = list(argument);
    const from = resolve(values, pair, pairs);
    return Array.isArray(from) ? (from[Number(index)] ?? UNRESOLVED) : UNRESOLVED;
  },
  'Fn::Split': (argument, pair, pairs) => {
    const [separator, value] = list(argument);
    const text = String(resolve(value, pair, pairs));
    return text.includes(UNRESOLVED) ? UNRESOLVED : text.split(String(separator));
  },
  'Fn::Sub': (argument, pair, pairs) => {
    const [template, variables = {}] = Array.isArray(argument) ? argument : [argument];
    const own = resolve(variables, pair, pairs) as Readonly<Record<string, unknown>>;
    return String(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(own, name)) return String(own[name]);
      const [logicalId = '', ...path] = name.split('.');
      return path.length > 0
        ? attribute(logicalId, path.join('.'), pair)
        : String(reference(logicalId, pair));
    });
  },
  'Fn::ImportValue': (argument, pair, pairs) => {
    const name = resolve(argument, pair, pairs);
    for (const other of pairs.values()) {
      const outputs = Object.values(other.template.Outputs ?? {});
      const found = outputs.find(({ Export }) => resolve(Export?.Name, other, pairs) === name);
      if (found && name !== undefined) return resolve(found.Value, other, pairs);
    }
    return UNRESOLVED;
  },
  'Fn::GetStackOutput': (argument, pair, pairs) => {
    const { StackName, OutputName } = resolve(argument, pair, pairs) as Readonly<Record<string, unknown>>;
    return pairs.get(String(StackName))?.deployed.outputs[String(OutputName)] ?? UNRESOLVED;
  },
};

/**
 * Resolves the intrinsic functions in a value of a template, with the physical ids of the deployed resources. An unknown value is `UNRESOLVED`,
 * alone or as a part of a string.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolve(value: unknown, pair: StackPair, pairs: Pairs): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => resolve(one, pair, pairs)).filter((one) => one !== NO_VALUE);
  }
  // What has another name on this machine than on AWS is among the parameters, whose own names are letters and digits.
  if (typeof value === 'string') return pair.deployed.parameters[value] ?? value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1) {
    const [name, argument] = first;
    if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name]?.(argument, pair, pairs);
    // Functions for conditions and maps. Templates of Fanfare have none.
    if (name.startsWith('Fn::')) return UNRESOLVED;
  }
  const resolved = entries.map(([key, one]) => [key, resolve(one, pair, pairs)] as const);
  return Object.fromEntries(resolved.filter(([, one]) => one !== NO_VALUE));
}

function reference(name: string, { deployed, resources }: StackPair): unknown {
  const { partition, region, account } = locationOf(deployed.id);
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': account,
    'AWS::NoValue': NO_VALUE,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': deployed.id,
    'AWS::StackName': deployed.stackName,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
  if (Object.hasOwn(pseudo, name)) return pseudo[name];
  return resources.get(name)?.physicalId ?? deployed.parameters[name] ?? UNRESOLVED;
}

function attribute(logicalId: string, name: string, { deployed, resources }: StackPair): string {
  const resource = resources.get(logicalId);
  return (resource && attributeOf(resource, name, locationOf(deployed.id))) ?? UNRESOLVED;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

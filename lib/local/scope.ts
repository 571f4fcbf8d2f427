import type { Scope } from './assembly/intrinsics.ts';
import type { AssemblyStack } from './assembly/read-assembly.ts';
import { entryOf } from './entry-of.ts';
import { digest } from './physical-name.ts';
import type { Created, Machine } from './resources/resource.ts';

/** What a deployment has made so far. */
export interface Known {
  /** Resources of this stack, by logical id. */
  readonly created: ReadonlyMap<string, Created>;
  readonly exported: ReadonlyMap<string, string>;
  /** Outputs of every stack, by its name. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** What the intrinsic functions of a stack's template may refer to at this point of its deployment. */
export function createScope(
  { stackName, template }: AssemblyStack,
  { region, account }: Machine,
  known: Known,
): Scope {
  const find = (logicalId: string): Created => {
    const found = known.created.get(logicalId);
    if (!found) throw new Error(`refers to ${logicalId}, which does not exist`);
    return found;
  };
  return {
    stackName,
    template,
    pseudo: {
      'AWS::AccountId': account,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${digest(stackName)}-local`,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    },
    reference: (logicalId) => find(logicalId).physicalId,
    attribute: (logicalId, name) => {
      const value = entryOf(find(logicalId).attributes, name);
      if (value === undefined)
        throw new Error(`refers to ${logicalId}.${name}, which the local runner does not know`);
      return value;
    },
    exported: (name) => {
      const value = known.exported.get(name);
      if (value === undefined) throw new Error(`imports ${name}, which no stack exports`);
      return value;
    },
    output: (stack, name) => {
      const value = entryOf(known.outputs.get(stack), name);
      if (value === undefined) throw new Error(`reads ${name} of stack ${stack}, which has no such output`);
      return value;
    },
  };
}

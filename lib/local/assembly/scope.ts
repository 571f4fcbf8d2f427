import { entryOf } from '../functions/entry-of.ts';
import type { Created, Machine } from '../resources/resource.ts';
import type { Scope } from './intrinsics.ts';
import { digest } from './physical-name.ts';
import type { AssemblyStack } from './read-assembly.ts';

/** What a deployment has created so far. */
export interface DeployedSoFar {
  /** Resources of this stack, by logical id. */
  readonly created: ReadonlyMap<string, Created>;
  readonly exported: ReadonlyMap<string, string>;
  /** Outputs of every stack, by its name. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** The ARN of a stack on this machine. */
export function stackId(stackName: string, { region, account }: Pick<Machine, 'region' | 'account'>): string {
  return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${digest(stackName)}-local`;
}

/** The values that the template of a stack can refer to at this point of its deployment. */
export function createScope(
  { stackName, template }: AssemblyStack,
  { region, account, parameters }: Machine,
  deployed: DeployedSoFar,
): Scope {
  const find = (logicalId: string): Created => {
    const found = deployed.created.get(logicalId);
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
      'AWS::StackId': stackId(stackName, { region, account }),
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
      const value = deployed.exported.get(name);
      if (value === undefined) throw new Error(`imports ${name}, which no stack exports`);
      return value;
    },
    parameter: (name) => {
      const value = parameters.get(name);
      if (value === undefined) {
        throw new Error(`no bus on this machine has written the parameter ${name}`);
      }
      return value;
    },
    output: (stack, name) => {
      const value = entryOf(deployed.outputs.get(stack), name);
      if (value === undefined) throw new Error(`reads ${name} of stack ${stack}, which has no such output`);
      return value;
    },
  };
}

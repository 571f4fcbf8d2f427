import { createHash } from 'node:crypto';
import { holds, referencesOf, resolve, type Scope } from './assembly/intrinsics.ts';
import { type AssemblyStack, readAssembly, type TemplateResource } from './assembly/read-assembly.ts';
import { RESOURCE_TYPES } from './resources/index.ts';
import type { Created, Machine } from './resources/resource.ts';

/** A resource that exists on this machine. */
export interface DeployedResource extends Created {
  /** The stack's id in the app, for example `Fanfare-dev-Inventory`. */
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path of the construct, for example `Fanfare-dev-Inventory/Consumer/Queue/Resource`. */
  readonly path: string;
}

/** What a deployment left behind. */
export interface Deployment {
  readonly resources: readonly DeployedResource[];
  /** Outputs of every stack, by its name. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly tags: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** SQS takes 80 characters; `.fifo` has to fit too. */
const MAX_NAME = 74;

/**
 * Creates on this machine what CloudFormation would create on AWS, or brings it up to date.
 *
 * @throws Error naming the first resource that is not known or cannot be created
 */
export async function deploy(directory: string, machine: Machine): Promise<Deployment> {
  const exported = new Map<string, string>();
  const resources: DeployedResource[] = [];
  const outputs = new Map<string, Record<string, string>>();
  const tags = new Map<string, Readonly<Record<string, string>>>();
  for (const stack of readAssembly(directory)) {
    const created = new Map<string, Created>();
    const scope = createScope(stack, machine, { created, exported, outputs });
    for (const [logicalId, resource] of resourcesInOrder(stack, scope)) {
      const result = await createResource(stack, { logicalId, resource, scope }, machine);
      created.set(logicalId, result);
      const path = stack.paths.get(logicalId) ?? logicalId;
      resources.push({ ...result, stackName: stack.stackName, logicalId, type: resource.Type, path });
    }
    outputs.set(stack.stackName, readOutputs(stack, scope, exported));
    tags.set(stack.stackName, stack.tags);
  }
  return { resources, outputs, tags };
}

async function createResource(
  { stackName, assets }: AssemblyStack,
  { logicalId, resource, scope }: { logicalId: string; resource: TemplateResource; scope: Scope },
  machine: Machine,
): Promise<Created> {
  const create = RESOURCE_TYPES[resource.Type];
  const what = `${resource.Type} ${logicalId} of stack ${stackName}`;
  if (!create) {
    throw new Error(
      `${what} is of a type that the local runner does not know; add it to lib/local/resources/index.ts`,
    );
  }
  try {
    const request = {
      stackName,
      logicalId,
      name: physicalName(stackName, logicalId),
      properties: resolve(resource.Properties ?? {}, scope) as Record<string, unknown>,
      asset: (objectKey: string) => {
        const folder = assets.get(objectKey);
        if (folder === undefined) throw new Error(`its asset ${objectKey} is not in the assembly`);
        return folder;
      },
    };
    return await create(request, machine);
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function createScope(
  { stackName, template }: AssemblyStack,
  { region, account }: Machine,
  known: {
    readonly created: ReadonlyMap<string, Created>;
    readonly exported: ReadonlyMap<string, string>;
    readonly outputs: Deployment['outputs'];
  },
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
      const value = find(logicalId).attributes[name];
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
      const value = known.outputs.get(stack)?.[name];
      if (value === undefined) throw new Error(`reads ${name} of stack ${stack}, which has no such output`);
      return value;
    },
  };
}

/** Resources whose condition holds, each after those that it refers to or depends on. */
function resourcesInOrder({ template }: AssemblyStack, scope: Scope): [string, TemplateResource][] {
  const all = Object.entries(template.Resources ?? {});
  const wanted = new Map(
    all.filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope)),
  );
  const ordered = new Map<string, TemplateResource>();
  const entered = new Set<string>();
  const visit = (logicalId: string): void => {
    const resource = wanted.get(logicalId);
    if (!resource || entered.has(logicalId)) return;
    entered.add(logicalId);
    for (const dependency of [...referencesOf(resource.Properties), ...[resource.DependsOn ?? []].flat()])
      visit(dependency);
    ordered.set(logicalId, resource);
  };
  for (const logicalId of wanted.keys()) visit(logicalId);
  return [...ordered];
}

function readOutputs(
  { template }: AssemblyStack,
  scope: Scope,
  exported: Map<string, string>,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Export }] of Object.entries(template.Outputs ?? {})) {
    const value = String(resolve(Value, scope));
    outputs[name] = value;
    if (Export) exported.set(String(resolve(Export.Name, scope)), value);
  }
  return outputs;
}

function physicalName(stackName: string, logicalId: string): string {
  const name = `${stackName}-${logicalId}`;
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 9)}-${digest(name)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

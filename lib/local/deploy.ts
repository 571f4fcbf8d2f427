import { holds, referencesOf, resolve, type Scope } from './assembly/intrinsics.ts';
import { type AssemblyStack, readAssembly, type TemplateResource } from './assembly/read-assembly.ts';
import { entryOf } from './entry-of.ts';
import { physicalName } from './physical-name.ts';
import { RESOURCE_TYPES } from './resources/index.ts';
import { nothing } from './resources/nothing.ts';
import type { Created, Machine } from './resources/resource.ts';
import { createScope } from './scope.ts';

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
  /** Names of the stacks with termination protection. */
  readonly protectedStacks: ReadonlySet<string>;
}

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
  const protectedStacks = new Set<string>();
  for (const stack of readAssembly(directory)) {
    const created = new Map<string, Created>();
    const scope = createScope(stack, machine, { created, exported, outputs });
    for (const [logicalId, resource] of resourcesInOrder(stack, scope)) {
      const result = await createResource(stack, { logicalId, resource, scope }, machine);
      created.set(logicalId, result);
      const path = stack.paths.get(logicalId) ?? logicalId;
      resources.push({ ...result, stackName: stack.stackName, logicalId, type: resource.Type, path });
    }
    outputs.set(stack.stackName, await readOutputs(stack, scope, exported));
    tags.set(stack.stackName, stack.tags);
    if (stack.terminationProtection) protectedStacks.add(stack.stackName);
  }
  return { resources, outputs, tags, protectedStacks };
}

async function createResource(
  { stackName, assets }: AssemblyStack,
  { logicalId, resource, scope }: { logicalId: string; resource: TemplateResource; scope: Scope },
  machine: Machine,
): Promise<Created> {
  const create = entryOf(RESOURCE_TYPES, resource.Type);
  const what = `${resource.Type} ${logicalId} of stack ${stackName}`;
  if (!create) {
    throw new Error(
      `${what} is of a type that the local runner does not know; add it to lib/local/resources/index.ts`,
    );
  }
  return naming(what, () =>
    create(
      {
        stackName,
        logicalId,
        name: physicalName(stackName, logicalId),
        properties: create === nothing ? {} : propertiesOf(resource, scope),
        asset: (objectKey) => {
          const folder = assets.get(objectKey);
          if (folder === undefined) throw new Error(`its asset ${objectKey} is not in the assembly`);
          return folder;
        },
      },
      machine,
    ),
  );
}

function propertiesOf({ Properties = {} }: TemplateResource, scope: Scope): Record<string, unknown> {
  // The properties of a resource are an object, with whatever in it.
  return resolve(Properties, scope) as Record<string, unknown>;
}

/** Resources whose condition holds, each after those that it refers to or depends on. */
function resourcesInOrder({ template }: AssemblyStack, scope: Scope): [string, TemplateResource][] {
  const all = Object.entries(template.Resources ?? {});
  const wanted = new Map(
    all.filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope)),
  );
  const ordered = new Map<string, TemplateResource>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    const resource = wanted.get(logicalId);
    if (!resource || ordered.has(logicalId)) return;
    const way = [...path, logicalId];
    if (path.includes(logicalId))
      throw new Error(`stack ${scope.stackName} goes in a circle: ${way.join(' -> ')}`);
    const dependencies = [...referencesOf(resource.Properties), ...[resource.DependsOn ?? []].flat()];
    for (const dependency of dependencies) visit(dependency, way);
    ordered.set(logicalId, resource);
  };
  for (const logicalId of wanted.keys()) visit(logicalId, []);
  return [...ordered];
}

async function readOutputs(
  { stackName, template }: AssemblyStack,
  scope: Scope,
  exported: Map<string, string>,
): Promise<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Export, Condition }] of Object.entries(template.Outputs ?? {})) {
    if (Condition !== undefined && !holds(Condition, scope)) continue;
    const value = await naming(`output ${name} of stack ${stackName}`, () => String(resolve(Value, scope)));
    outputs[name] = value;
    if (Export) exported.set(String(resolve(Export.Name, scope)), value);
  }
  return outputs;
}

/** Does something, and says in its error what it was done to. */
async function naming<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

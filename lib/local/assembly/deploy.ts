import { entryOf } from '../functions/entry-of.ts';
import { RESOURCE_TYPES } from '../resources/index.ts';
import { noop } from '../resources/noop.ts';
import type { Created, Machine, ResourceRequest } from '../resources/resource.ts';
import { isConditionTrue, isSsmParameter, referencesOf, resolve, type Scope } from './intrinsics.ts';
import { physicalName } from './physical-name.ts';
import { type AssemblyStack, readAssembly, type Template, type TemplateResource } from './read-assembly.ts';
import { createScope } from './scope.ts';

/** A resource that exists on this machine. */
export interface DeployedResource extends Created {
  /** The stack's id in the app, for example `shop-dev-Inventory`. */
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path of the construct, for example `shop-dev-Inventory/Consumer/Queue/Resource`. */
  readonly path: string;
}

/** A stack that exists on this machine. */
export interface DeployedStack {
  readonly name: string;
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Parameters whose values were read from Systems Manager, by their names in the template; and names of AWS that are others here, as they
   * are in the template.
   */
  readonly parameters: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
}

/** The result of a deployment. */
export interface Deployment {
  readonly resources: readonly DeployedResource[];
  readonly stacks: readonly DeployedStack[];
}

export interface DeployOptions {
  /** Translates each text of a property. @default - none is translated */
  readonly localName?: (text: string) => string;
  /** Called for each resource as soon as it exists. */
  readonly created?: (resource: DeployedResource) => void;
}

/**
 * Creates on this machine the resources that CloudFormation would create on AWS. Resources that exist are updated.
 *
 * @throws Error that names the first resource that is not known or cannot be created
 */
export async function deploy(
  directory: string,
  machine: Machine,
  { localName = (text) => text, created: report }: DeployOptions = {},
): Promise<Deployment> {
  const exported = new Map<string, string>();
  const resources: DeployedResource[] = [];
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  const stacks: DeployedStack[] = [];
  for (const stack of readAssembly(directory)) {
    const created = new Map<string, Created>();
    const scope = createScope(stack, machine, { created, exported, outputs });
    const translated = new Map<string, string>();
    const here = (text: string): string => {
      const name = localName(text);
      if (name !== text) translated.set(text, name);
      return name;
    };
    for (const [logicalId, resource] of resourcesInOrder(stack, scope)) {
      const result = await createResource(stack, { logicalId, resource, scope, localName: here }, machine);
      created.set(logicalId, result);
      const path = stack.paths.get(logicalId) ?? logicalId;
      const deployed = { ...result, stackName: stack.stackName, logicalId, type: resource.Type, path };
      resources.push(deployed);
      report?.(deployed);
    }
    const own = await readOutputs(stack, scope, exported);
    outputs.set(stack.stackName, own);
    const { stackName: name, template, tags, terminationProtection } = stack;
    const parameters = { ...readParameters(template, scope), ...Object.fromEntries(translated) };
    stacks.push({ name, template, tags, outputs: own, parameters, terminationProtection });
  }
  return { resources, stacks };
}

async function createResource(
  { stackName, assets }: AssemblyStack,
  {
    logicalId,
    resource,
    scope,
    localName,
  }: { logicalId: string; resource: TemplateResource; scope: Scope; localName: (text: string) => string },
  machine: Machine,
): Promise<Created> {
  const create = entryOf(RESOURCE_TYPES, resource.Type);
  const what = `${resource.Type} ${logicalId} of stack ${stackName}`;
  if (!create) {
    throw new Error(
      `${what} has a type that the local runner does not know; add the type to lib/local/resources/index.ts`,
    );
  }
  return withContext(what, async () => {
    const request: ResourceRequest = {
      stackName,
      logicalId,
      name: physicalName(stackName, logicalId),
      properties: create === noop ? {} : propertiesOf(resource, scope, localName),
      asset: (objectKey) => {
        const folder = assets.get(objectKey);
        if (folder === undefined) throw new Error(`its asset ${objectKey} is not in the assembly`);
        return folder;
      },
    };
    const created = await create(request, machine);
    machine.described.put(created.physicalId, { type: resource.Type, request, create });
    return created;
  });
}

function propertiesOf(
  { Properties = {} }: TemplateResource,
  scope: Scope,
  localName: (text: string) => string,
): Record<string, unknown> {
  // CloudFormation requires that the properties are an object. Its values are not checked here.
  return translate(resolve(Properties, scope), localName) as Record<string, unknown>;
}

/** A value of a template with every text in it translated. */
function translate(value: unknown, localName: (text: string) => string): unknown {
  if (typeof value === 'string') return localName(value);
  if (Array.isArray(value)) return value.map((one) => translate(one, localName));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, translate(one, localName)]));
}

/** The resources whose condition is true. Each comes after the resources that it refers to or depends on. */
function resourcesInOrder({ template }: AssemblyStack, scope: Scope): [string, TemplateResource][] {
  const all = Object.entries(template.Resources ?? {});
  const wanted = new Map(
    all.filter(([, { Condition }]) => Condition === undefined || isConditionTrue(Condition, scope)),
  );
  const ordered = new Map<string, TemplateResource>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    const resource = wanted.get(logicalId);
    if (!resource || ordered.has(logicalId)) return;
    const pathToHere = [...path, logicalId];
    if (path.includes(logicalId)) {
      const cycle = pathToHere.join(' -> ');
      throw new Error(`resources of stack ${scope.stackName} depend on each other in a cycle: ${cycle}`);
    }
    const dependencies = [...referencesOf(resource.Properties), ...[resource.DependsOn ?? []].flat()];
    for (const dependency of dependencies) visit(dependency, pathToHere);
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
    if (Condition !== undefined && !isConditionTrue(Condition, scope)) continue;
    const value = await withContext(`output ${name} of stack ${stackName}`, () =>
      String(resolve(Value, scope)),
    );
    outputs[name] = value;
    if (Export) exported.set(String(resolve(Export.Name, scope)), value);
  }
  return outputs;
}

/** The values from Systems Manager that the resources of a stack refer to. */
function readParameters({ Parameters = {}, Resources }: Template, scope: Scope): Record<string, string> {
  const used = referencesOf(Resources);
  const read = Object.keys(Parameters).filter(
    (name) => used.has(name) && isSsmParameter(Parameters[name] ?? {}),
  );
  return Object.fromEntries(read.map((name) => [name, String(resolve({ Ref: name }, scope))]));
}

/** Does `work`. An error of it begins with `what`: the resource or output that it was about. */
async function withContext<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

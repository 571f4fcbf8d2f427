import type { CreateResource, Described, DescribedResource, ResourceRequest } from '../resources/resource.ts';

/**
 * The current properties of every resource: those of its template, changed by requests such as `UpdateFunctionConfiguration`. The next
 * deployment sets the properties of the template again.
 */
export class DescribedResources implements Described {
  readonly #resources = new Map<string, DescribedResource>();

  put(physicalId: string, described: DescribedResource): void {
    this.#resources.set(physicalId, described);
  }

  /** The properties of all resources of one type, by physical id. */
  ofType(type: string): ReadonlyMap<string, ResourceRequest['properties']> {
    const found = [...this.#resources].filter(([, described]) => described.type === type);
    return new Map(found.map(([id, { request }]) => [id, request.properties]));
  }

  /**
   * Changes properties of a resource. A property that is set to undefined is removed.
   *
   * @returns its properties; undefined when there is no resource with this id
   * @throws Error when the local runner cannot apply the change
   */
  async change(
    physicalId: string,
    changed: Readonly<Record<string, unknown>>,
    machine: Parameters<CreateResource>[1],
  ): Promise<ResourceRequest['properties'] | undefined> {
    const existing = this.#resources.get(physicalId);
    if (!existing) return undefined;
    const properties = { ...existing.request.properties, ...changed };
    const request = { ...existing.request, properties };
    await existing.create(request, machine);
    this.put(physicalId, { ...existing, request });
    return properties;
  }

  remove(physicalId: string): void {
    this.#resources.delete(physicalId);
  }
}

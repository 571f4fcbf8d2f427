import type { LocalStackDescription } from '../cloudformation.ts';
import type { Machine } from '../resources/resource.ts';
import type { DeployedResource, Deployment } from './deploy.ts';
import { stackId } from './scope.ts';

interface Owned {
  readonly deployment: Deployment;
  readonly machine: Pick<Machine, 'region' | 'account'>;
}

/** What is deployed to this machine, by app. */
export class Deployments {
  readonly #byApp = new Map<string, Owned>();

  /** Notes the latest deployment of an app. */
  put(app: string, deployment: Deployment, machine: Owned['machine']): void {
    this.#byApp.set(app, { deployment, machine });
  }

  get(app: string): Deployment | undefined {
    return this.#byApp.get(app)?.deployment;
  }

  remove(app: string): void {
    this.#byApp.delete(app);
  }

  get resources(): readonly DeployedResource[] {
    return [...this.#byApp.values()].flatMap(({ deployment }) => deployment.resources);
  }

  /** The stacks of every app, with their resources, tags, outputs and termination protection. */
  get stacks(): readonly LocalStackDescription[] {
    return [...this.#byApp.values()].flatMap(({ deployment: { stacks, resources }, machine }) =>
      stacks.map((stack) => ({
        ...stack,
        id: stackId(stack.name, machine),
        resources: resources.filter(({ stackName }) => stackName === stack.name),
      })),
    );
  }

  /**
   * Finds a resource by the end of its stack's name and the id of its construct.
   *
   * @throws Error when there is no such resource
   */
  find(stack: string, constructId: string): DeployedResource {
    const found = this.resources.find(
      ({ stackName, path }) => stackName.endsWith(stack) && path.endsWith(`/${constructId}/Resource`),
    );
    if (!found) throw new Error(`there is no ${constructId} in a stack named ...${stack}`);
    return found;
  }
}

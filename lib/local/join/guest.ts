import { type DeployedResource, deploy } from '../assembly/deploy.ts';
import type { Deployments } from '../assembly/deployments.ts';
import type { LocalStackDescription } from '../cloudformation.ts';
import { isBus } from './bus-tags.ts';
import { GuestMachine, type GuestMachineOptions, type Host } from './guest-machine.ts';
import type { KeptGuests } from './kept-guests.ts';
import { localNames } from './names-of-aws.ts';
import { removeResources } from './remove-resource.ts';

/** What another app asks of a bus. */
export interface JoinRequest extends GuestMachineOptions {
  /** Its assembly, such as `/home/ada/fraud/.fanfare/assembly`. */
  readonly assemblyDirectory: string;
  /** A JSON file with the values of its secrets. @default - none */
  readonly secretsFile?: string | undefined;
  /** Whether its queues, tables and subscriptions are removed when it leaves. If not, its queues go on filling until it comes back. */
  readonly remove: boolean;
}

/** What the machine of the bus does for guests. */
export interface Hosting {
  readonly machine: Host;
  readonly deployments: Deployments;
  readonly kept: KeptGuests;
  /** Begins to poll the queues of new event source mappings. */
  poll(): void;
}

/** An app that has joined, from when it joins to when it leaves. Its deployments and its end come one after the other. */
export class Guest {
  readonly name: string;
  readonly request: JoinRequest;
  /** Resolves when it has left. @throws Error when something of it could not be removed */
  readonly left: Promise<void>;
  readonly #hosting: Hosting;
  readonly #machine: GuestMachine;
  readonly #end = Promise.withResolvers<void>();
  /** Everything that it has, by the physical id, also what its latest assembly does not have any more. */
  readonly #resources = new Map<string, DeployedResource>();
  #last: Promise<unknown> = Promise.resolve();
  #isLeaving = false;

  constructor(name: string, request: JoinRequest, hosting: Hosting) {
    this.name = name;
    this.request = request;
    this.#hosting = hosting;
    this.#machine = new GuestMachine(hosting.machine, request);
    this.left = this.#end.promise;
    // Who does not wait for the end need not hear of it.
    this.left.catch(() => undefined);
  }

  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Deploys an assembly. @throws Error when it is leaving, or the assembly cannot be deployed */
  deploy(assemblyDirectory: string): Promise<void> {
    if (this.#isLeaving) return Promise.reject(new Error(`${this.name} is leaving`));
    return this.#afterLast(async () => {
      const { deployments, kept, poll } = this.#hosting;
      const deployment = await deploy(assemblyDirectory, this.#machine, {
        localName: localNames(busesIn(deployments)),
        created: (resource) => this.#resources.set(resource.physicalId, resource),
      });
      deployments.put(this.name, deployment, this.#machine);
      kept.put(this.name, { account: this.#machine.account, deployment });
      poll();
    });
  }

  /** Stops its functions when their running batches are done. @throws Error when something of it cannot be removed */
  leave(): Promise<void> {
    if (!this.#isLeaving) {
      this.#isLeaving = true;
      this.#afterLast(() => this.#stop()).then(this.#end.resolve, this.#end.reject);
    }
    return this.left;
  }

  async #stop(): Promise<void> {
    await this.#machine.drain();
    try {
      if (!this.request.remove) return;
      this.#hosting.deployments.remove(this.name);
      this.#hosting.kept.remove(this.name);
      await removeResources([...this.#resources.values()], this.#machine);
    } finally {
      await this.#machine.close();
    }
  }

  #afterLast<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    // Who has asked for it is told; what comes next is done all the same.
    this.#last = next.catch(() => undefined);
    return next;
  }
}

function busesIn({ stacks }: Deployments): LocalStackDescription['resources'] {
  return stacks.filter(({ tags }) => isBus(tags)).flatMap(({ resources }) => resources);
}

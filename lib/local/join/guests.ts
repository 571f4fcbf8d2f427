import { readAssembly } from '../assembly/read-assembly.ts';
import { isBus } from './bus-tags.ts';
import { Guest, type Hosting, type JoinRequest } from './guest.ts';

/** The apps that have joined the bus. Each runs in the process of the bus: its stacks are deployed to the same engines. */
export class Guests {
  readonly #hosting: Hosting;
  readonly #guests = new Map<string, Guest>();

  constructor(hosting: Hosting) {
    this.#hosting = hosting;
  }

  /** Knows again what the apps have that were here before the last restart. Their queues have gone on filling. */
  recall(): void {
    const { kept, deployments, machine } = this.#hosting;
    for (const [name, { account, deployment }] of kept.all) {
      deployments.put(name, deployment, { region: machine.region, account });
    }
  }

  /**
   * Deploys an app beside that of the bus. What it left here before is found again.
   *
   * @throws Error when it has joined already, is the app of the bus itself, or cannot be deployed
   */
  async join(request: JoinRequest): Promise<Guest> {
    const name = nameOf(request.assemblyDirectory);
    this.#refuseOwn(name);
    for (let before = this.#guests.get(name); before; before = this.#guests.get(name)) {
      if (!before.isLeaving) throw new Error(`${name} has joined already; stop it there first`);
      // Whether all of it could be removed is told where it leaves.
      await before.left.catch(() => undefined);
    }
    const guest = new Guest(name, request, this.#hosting);
    this.#guests.set(name, guest);
    const forget = (): void => void this.#guests.delete(name);
    guest.left.then(forget, forget);
    try {
      await guest.deploy(request.assemblyDirectory);
    } catch (error) {
      await guest.leave();
      throw error;
    }
    return guest;
  }

  /** Deploys the changed assembly of a guest. @throws Error when it has not joined, or cannot be deployed */
  async reload(name: string, assemblyDirectory: string): Promise<void> {
    const guest = this.#guests.get(name);
    if (!guest) throw new Error(`${name} has not joined`);
    await guest.deploy(assemblyDirectory);
  }

  /** Lets a guest leave, if it has not left yet. @throws Error when something of it cannot be removed */
  async leave(name: string): Promise<void> {
    await this.#guests.get(name)?.leave();
  }

  /** Lets every guest leave. What of them could not be removed is told where they leave. */
  async leaveAll(): Promise<void> {
    await Promise.allSettled([...this.#guests.values()].map((guest) => guest.leave()));
  }

  /** The files with the secrets of all guests. */
  get secretsFiles(): readonly string[] {
    return [...this.#guests.values()].flatMap(({ request }) => request.secretsFile ?? []);
  }

  #refuseOwn(name: string): void {
    const stacks = this.#hosting.deployments.stacks;
    if (stacks.some(({ tags }) => isBus(tags) && tags['fanfare:deployment'] === name))
      throw new Error(`${name} is the app of the bus that runs here; another app can join it`);
  }
}

function nameOf(assemblyDirectory: string): string {
  const stacks = readAssembly(assemblyDirectory);
  const names = new Set(stacks.flatMap(({ tags }) => tags['fanfare:deployment'] ?? []));
  if (stacks.some(({ tags }) => isBus(tags)))
    throw new Error('it has a bus of its own, and one HTTP API runs here; start it on other ports');
  const [name, ...others] = names;
  if (name === undefined) throw new Error('it has no stack of Fanfare, so it has nothing to join with');
  if (others.length > 0)
    throw new Error(`it has several deployments, ${[...names].join(', ')}; join with one`);
  return name;
}

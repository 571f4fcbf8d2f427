import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Deployment } from '../assembly/deploy.ts';
import { makePrivateFolder } from '../state/private-files.ts';

/** What an app has deployed beside the bus: its queues stay and go on filling while it is away. */
export interface KeptGuest {
  readonly account: string;
  readonly deployment: Deployment;
}

const OWNER_ONLY = 0o600;

/** Keeps what the apps that have joined have deployed, so that the bus knows after a restart whose queues these are. */
export class KeptGuests {
  readonly #file: string | undefined;
  readonly #awsEndpoint: string;
  readonly #guests: Map<string, KeptGuest>;

  /**
   * @param file where they are kept; when undefined, nothing is kept
   * @param awsEndpoint of this run: the URLs of queues begin with it
   * @throws Error when the file cannot be read
   */
  constructor(file: string | undefined, awsEndpoint: string) {
    this.#file = file;
    this.#awsEndpoint = awsEndpoint;
    const guests = file !== undefined && existsSync(file) ? read(file, awsEndpoint) : {};
    this.#guests = new Map(Object.entries(guests));
  }

  get all(): ReadonlyMap<string, KeptGuest> {
    return this.#guests;
  }

  put(name: string, guest: KeptGuest): void {
    this.#guests.set(name, guest);
    this.#write();
  }

  remove(name: string): void {
    if (this.#guests.delete(name)) this.#write();
  }

  #write(): void {
    if (this.#file === undefined) return;
    makePrivateFolder(dirname(this.#file));
    const content: Content = { awsEndpoint: this.#awsEndpoint, guests: Object.fromEntries(this.#guests) };
    const text = JSON.stringify(content);
    writeFileSync(`${this.#file}.new`, text, { mode: OWNER_ONLY });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

interface Content {
  readonly awsEndpoint: string;
  readonly guests: Readonly<Record<string, KeptGuest>>;
}

function read(file: string, awsEndpoint: string): Content['guests'] {
  try {
    const text = readFileSync(file, 'utf8');
    // This class has written it.
    const before: Content = JSON.parse(text);
    const now: Content = JSON.parse(text.replaceAll(before.awsEndpoint, awsEndpoint));
    return now.guests;
  } catch (cause) {
    throw new Error(
      `what other apps have here cannot be read from ${file}; move it elsewhere, and start these apps again`,
      { cause },
    );
  }
}

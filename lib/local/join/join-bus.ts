import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { readOwnPackage } from '../../project/own-package.ts';
import type { RunningBus } from './running-buses.ts';
import { JOIN_PATH, type JoinBody, type JoinInfo, type JoinLine } from './serve-join.ts';

/** An app that has joined a bus on this machine. */
export interface Joined {
  /** The name of the app there, such as `fraud-dev`. */
  readonly name: string;
  /** Resolves when the connection has ended: this app has left, or the bus has stopped. */
  readonly ended: Promise<void>;
  /** Deploys the assembly again. @throws Error with what the bus says */
  reload(assemblyDirectory: string): Promise<undefined>;
  /** Ends the connection without a word, as when this process is killed. */
  abandon(): void;
  /** Leaves the bus when running batches are done. @throws Error with what could not be removed */
  leave(): Promise<void>;
}

/**
 * Lets the app in a folder of this machine join a bus that runs here.
 *
 * @param log gets each line for the terminal
 * @throws Error when the bus does not answer, is of another version, or refuses it
 */
export async function joinBus(bus: RunningBus, body: JoinBody, log: (line: string) => void): Promise<Joined> {
  await checkBus(bus);
  const lines = await post(bus, body);
  const ended = Promise.withResolvers<void>();
  const joined = Promise.withResolvers<string>();
  // Nobody waits for the first when the second has failed.
  joined.promise.catch(() => undefined);
  const reader = createInterface({ input: lines });
  reader.on('line', (written) => {
    const line = parse(written);
    if ('log' in line) log(line.log);
    if ('joined' in line) joined.resolve(line.joined);
    if ('error' in line) joined.reject(new Error(line.error));
  });
  reader.once('close', () => {
    joined.reject(new Error(`${bus.deployment} has ended the connection`));
    ended.resolve();
  });
  lines.once('close', () => reader.close());
  // A connection that breaks has ended: 'close' follows. The reader passes the error on.
  lines.on('error', () => undefined);
  reader.on('error', () => undefined);
  const name = await joined.promise;
  return {
    name,
    ended: ended.promise,
    reload: async (assemblyDirectory) => {
      await ask(bus, { method: 'PUT', path: `/${name}`, body: { assemblyDirectory } });
      return undefined;
    },
    abandon: () => void lines.destroy(),
    leave: async () => {
      try {
        await ask(bus, { method: 'DELETE', path: `/${name}` });
      } catch (error) {
        // Fetch says so when nobody listens any more: the bus has gone first, and there is nothing left to leave.
        if (!(error instanceof TypeError)) throw error;
      } finally {
        lines.destroy();
      }
    },
  };
}

/** A line that cannot be read is shown as it is. The bus has written it, with the same version of this package. */
function parse(written: string): JoinLine {
  try {
    return JSON.parse(written);
  } catch {
    // The bus was killed while it wrote the line.
    return { log: written };
  }
}

/** Asks which process it is before it is given the token: the address may be of one that was killed, and another uses its port. */
async function checkBus({ deployment, awsEndpoint, processId }: RunningBus): Promise<void> {
  const info = await readInfo(`${awsEndpoint}${JOIN_PATH}`);
  if (info?.processId !== processId)
    throw new Error(`${deployment} does not answer at ${awsEndpoint}; start it again in its folder`);
  const { version } = readOwnPackage();
  if (info.version === version) return;
  throw new Error(
    `${deployment} runs with Fanfare ${info.version}, and this app has ${version}; install the same version in both`,
  );
}

async function readInfo(url: string): Promise<Partial<JoinInfo> | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? await response.json() : undefined;
  } catch {
    // Nothing listens there, or it is something else: the caller says so.
    return undefined;
  }
}

function post({ deployment, awsEndpoint, token }: RunningBus, body: JoinBody): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request(`${awsEndpoint}${JOIN_PATH}`, {
    method: 'POST',
    // The app stays for as long as this connection is open, which is used for nothing else.
    agent: new Agent({ keepAlive: false }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  asked.once('error', (cause) =>
    reject(new Error(`${deployment} does not answer at ${awsEndpoint}: ${cause.message}`, { cause })),
  );
  asked.once('response', (response) => {
    if (response.statusCode === 200) resolve(response);
    else text(response).then((body) => reject(new Error(`${deployment} refuses it: ${body}`)), reject);
  });
  asked.end(JSON.stringify(body));
  return promise;
}

interface Question {
  readonly method: 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** @throws Error with what the bus says, when it refuses */
async function ask({ awsEndpoint, token }: RunningBus, { method, path, body }: Question): Promise<void> {
  const response = await fetch(`${awsEndpoint}${JOIN_PATH}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return;
  const answer: { readonly message?: string } = await response.json();
  throw new Error(answer.message ?? `the bus answers ${response.status}`);
}

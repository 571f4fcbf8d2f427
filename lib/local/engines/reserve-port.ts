import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** The purpose of a port, and the option and variable that choose another. */
export interface PortUse {
  readonly what: string;
  readonly flag: string;
  readonly variable: string;
}

/** Systems use higher ports for outgoing connections, which could take the port before the server listens on it. */
const FREE_PORTS = { from: 20_000, to: 32_768 };
const MAX_ATTEMPTS = 100;

/**
 * Checks that a port on 127.0.0.1 is free, or finds a free one for 0.
 *
 * @throws Error that says which port is taken and how to choose another
 */
export async function reservePort(port: number, use: PortUse): Promise<number> {
  try {
    if (port === 0) return await findFreePort();
    await tryPort(port);
    return port;
  } catch (cause) {
    throw new Error(
      `port ${port} for the ${use.what} is taken; choose another with ${use.flag} or ${use.variable} (0 chooses a free one)`,
      { cause },
    );
  }
}

async function findFreePort(): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(FREE_PORTS.from, FREE_PORTS.to);
    try {
      await tryPort(port);
      return port;
    } catch (error) {
      // This port is taken. Another one is tried.
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** @throws Error when no server can listen on the port */
async function tryPort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** What a port is for, and how its user can choose another. */
export interface PortUse {
  readonly what: string;
  readonly flag: string;
  readonly variable: string;
}

/** Below the ports that systems give to outgoing connections, one of which could take the port before it is listened to. */
const FREE_PORTS = { from: 20_000, to: 32_768 };
const MOST_TRIES = 100;

/**
 * Makes sure of a port on 127.0.0.1, or finds a free one for 0.
 *
 * @throws Error saying which port is taken and how to choose another
 */
export async function reservePort(port: number, use: PortUse): Promise<number> {
  try {
    if (port === 0) return await findFreePort();
    await tryPort(port);
    return port;
  } catch (cause) {
    throw new Error(
      `port ${port} for the ${use.what} is taken; choose another with ${use.flag} or ${use.variable} (0 takes a free one)`,
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
      // Somebody has it: another one is tried.
      if (attempt === MOST_TRIES) throw error;
    }
  }
}

/** @throws Error when the port cannot be listened to */
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

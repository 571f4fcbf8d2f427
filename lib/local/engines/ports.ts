import { createServer } from 'node:net';

/** What a port is for, and how its user can choose another. */
export interface PortUse {
  readonly what: string;
  readonly flag: string;
  readonly variable: string;
}

/**
 * Makes sure of a port on 127.0.0.1, or finds a free one for 0.
 *
 * @throws Error saying which port is taken and how to choose another
 */
export async function reservePort(port: number, use: PortUse): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const address = server.address();
    return typeof address === 'object' && address ? address.port : port;
  } catch (cause) {
    throw new Error(
      `port ${port} for the ${use.what} is taken; choose another with ${use.flag} or ${use.variable} (0 takes a free one)`,
      { cause },
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

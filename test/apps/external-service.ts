import { createServer } from 'node:http';

/** A service outside the system that consumers call; a test takes it down and brings it back. */
export interface ExternalService {
  readonly url: string;
  /** What was posted to it while it was up, in order. */
  readonly received: readonly string[];
  /** Requests that it turned away while it was down. */
  readonly refused: number;
  up: boolean;
  stop(): Promise<void>;
}

export async function startExternalService(): Promise<ExternalService> {
  const received: string[] = [];
  const state = { up: true, refused: 0 };
  const server = createServer((request, response) => {
    if (!state.up) {
      state.refused += 1;
      response.writeHead(503).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(Buffer.concat(chunks).toString());
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    get refused() {
      return state.refused;
    },
    get up() {
      return state.up;
    },
    set up(up: boolean) {
      state.up = up;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

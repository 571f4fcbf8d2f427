import { createServer, type IncomingMessage, request as sendRequest } from 'node:http';

/** Of the calls to each target this one fails first, so that even few calls meet a failure. */
const FIRST = 10;

/** A network that loses calls: by turns the answer, and the request itself. */
export interface FlakyProxy {
  /** Where to find a target through the proxy; the target itself may be named later. */
  urlOf(target: string): string;
  /** Says where a target is. */
  connect(target: string, url: string): void;
  /** Takes a target away, or brings it back: nobody can connect to it meanwhile. */
  takeAway(target: string, isAway: boolean): void;
  /** How many calls to a target were lost on purpose. */
  lost(target: string): number;
  /** How many calls found nobody at the target. */
  refused(target: string): number;
  stop(): Promise<void>;
}

interface Target {
  url?: string;
  isAway: boolean;
  calls: number;
  lost: number;
  refused: number;
}

/** @param oneIn so many calls to each target, one fails */
export async function startFlakyProxy(oneIn = 100): Promise<FlakyProxy> {
  const targets = new Map<string, Target>();
  const find = (name: string): Target => {
    const target = targets.get(name) ?? { isAway: false, calls: 0, lost: 0, refused: 0 };
    targets.set(name, target);
    return target;
  };
  const server = createServer(async (request, response) => {
    const [, name = '', path = ''] = /^\/([^/?]+)\/?(.*)$/.exec(request.url ?? '') ?? [];
    const target = find(name);
    if (target.isAway) return void request.socket.destroy();
    target.calls += 1;
    const fails = target.calls % oneIn === FIRST % oneIn;
    const losesAnswer = target.calls % (2 * oneIn) === FIRST % (2 * oneIn);
    if (fails) target.lost += 1;
    if (fails && !losesAnswer) return void request.socket.destroy();
    try {
      const answer = await forward(request, new URL(`/${path}`, target.url));
      if (losesAnswer) return void request.socket.destroy();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    } catch {
      // Nobody is there: the caller finds out as it would without a proxy, by a connection that ends.
      target.refused += 1;
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    urlOf: (target) => `http://127.0.0.1:${port}/${target}`,
    connect: (target, url) => {
      find(target).url = url;
    },
    takeAway: (target, isAway) => {
      find(target).isAway = isAway;
    },
    lost: (target) => find(target).lost,
    refused: (target) => find(target).refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(request: IncomingMessage, target: URL): Promise<IncomingMessage> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, headers } = request;
  return new Promise((resolve, reject) => {
    sendRequest(target, { method, headers: { ...headers, host: target.host }, agent: false }, resolve)
      .on('error', reject)
      .end(Buffer.concat(chunks));
  });
}

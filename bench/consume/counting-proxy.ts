import { createServer } from 'node:http';

/** Stands before DynamoDB and counts what goes through: requests, and the write units that the engine reports. */
export interface CountingProxy {
  readonly url: string;
  /** What has been counted since the last call. */
  take(): { readonly requests: number; readonly writeUnits: number };
  stop(): Promise<void>;
}

export async function startCountingProxy(endpoint: string): Promise<CountingProxy> {
  let requests = 0;
  let writeUnits = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests += 1;
    const body = { ...JSON.parse(Buffer.concat(chunks).toString()), ReturnConsumedCapacity: 'TOTAL' };
    const headers = new Headers();
    for (const name of ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'])
      headers.set(name, String(request.headers[name]));
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    const { ConsumedCapacity } = JSON.parse(text);
    for (const { CapacityUnits = 0 } of [ConsumedCapacity ?? []].flat()) writeUnits += CapacityUnits;
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    take: () => {
      const counted = { requests, writeUnits };
      requests = 0;
      writeUnits = 0;
      return counted;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

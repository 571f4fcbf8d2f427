import { createServer } from 'node:http';
import { createDataBucket, type DataBucket } from '../../lib/publishing/large-data/data-bucket.ts';

/** An object store that answers as S3 does, and remembers what it was asked. */
export interface ObjectStore {
  readonly bucket: DataBucket;
  readonly objects: Map<string, string>;
  /** Method, path and query of every request. */
  readonly requests: string[];
  stop(): void;
}

/** Starts a store that serves one bucket, named `data`. */
export async function startObjectStore(): Promise<ObjectStore> {
  const objects = new Map<string, string>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const key = decodeURIComponent((request.url ?? '').slice('/data/'.length));
    if (request.method === 'PUT') {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      objects.set(key, body);
      response.end();
      return;
    }
    const found = objects.get(key);
    if (found !== undefined) response.end(found);
    else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const bucket = createDataBucket({
    name: 'data',
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' }),
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    clock: { now: Date.now, sleep: async () => undefined },
    random: () => 0,
  });
  return {
    bucket,
    objects,
    requests,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

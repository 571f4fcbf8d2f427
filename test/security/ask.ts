import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  /** 0 is a connection that ended without an answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty for a stream of events, which has no end. */
  readonly body: string;
}

/** Sends a request with exactly these headers: fetch would not let a test set the ones that browsers set. */
export function ask(
  url: string,
  { method = 'GET', path, headers = {}, body = '' }: Asked,
): Promise<Answered> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve) => {
    const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      { host, port, method, path, headers: { ...length, ...headers }, agent: false },
      (answer) => {
        const { statusCode: status = 0, headers: answered } = answer;
        if (answered['content-type'] === 'application/x-ndjson') {
          answer.destroy();
          return resolve({ status, headers: answered, body: '' });
        }
        text(answer).then((whole) => resolve({ status, headers: answered, body: whole }));
      },
    );
    sent.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    sent.end(method === 'GET' ? undefined : body);
  });
}

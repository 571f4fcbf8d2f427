import {
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as sendRequest,
} from 'node:http';

/** The answer of an engine. */
export interface ForwardedAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Reads the whole body of a request or an answer. @throws Error when the other side closes the connection */
export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Forwards a request to an engine.
 *
 * @throws Error when the engine cannot be reached, or closes the connection before its answer is complete
 */
export async function forward(
  { method, headers }: IncomingMessage,
  body: Buffer,
  { target, agent }: { readonly target: URL; readonly agent?: Agent },
): Promise<ForwardedAnswer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sendRequest(target, { method, agent, headers: { ...headers, host: target.host } }, resolve)
      .on('error', reject)
      .end(body);
  });
  return {
    statusCode: answer.statusCode ?? 502,
    headers: answer.headers,
    body: await readBytes(answer),
  };
}

import type { Machine } from '../../resources/resource.ts';

/** An answer of Lambda's API: status, body, and for an error its name. */
export interface LambdaAnswer {
  readonly status: number;
  readonly body: object;
  readonly error?: string;
}

interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: unknown): unknown;
}

/** Sends an answer in the form of Lambda's API. */
export function sendAnswer(reply: Reply, { status, body, error }: LambdaAnswer): unknown {
  if (error !== undefined) reply.header('x-amzn-errortype', error);
  return reply.status(status).header('content-type', 'application/json').send(JSON.stringify(body));
}

/** Lambda's answer when there is no such function or mapping. */
export function unknownResource(id: string): LambdaAnswer {
  return {
    status: 404,
    error: 'ResourceNotFoundException',
    body: { Message: `there is no ${id} on this machine` },
  };
}

/** The parsed body of a request. An SDK wrote it, and the engine does not parse it. */
export function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  return body instanceof Buffer && body.length > 0 ? JSON.parse(body.toString()) : {};
}

/** Changes properties of a resource, and answers with its new properties. */
export async function change(
  machine: Machine,
  id: string,
  { changed, describe }: { changed: Readonly<Record<string, unknown>>; describe(properties: object): object },
): Promise<LambdaAnswer> {
  try {
    const properties = await machine.described.change(id, changed, machine);
    return properties ? { status: 200, body: describe(properties) } : unknownResource(id);
  } catch (error) {
    // Lambda would refuse the change too, or the local runner does not support it. The message says which.
    const Message = error instanceof Error ? error.message : String(error);
    return { status: 400, error: 'InvalidParameterValueException', body: { Message } };
  }
}

import { jsonOf, UnreadableRequestError } from '../../requests/read-request.ts';
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

/** How Lambda calls a request that it cannot read. */
const UNREADABLE = 'InvalidRequestContentException';

/** The properties in the body of a request. @throws UnreadableRequestError when it is no JSON object */
export function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  const value = payloadOf(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new UnreadableRequestError('the body is no JSON object', UNREADABLE);
}

/** The event in the body of an invocation: any JSON. @throws UnreadableRequestError when it is none */
export function payloadOf(body: unknown): unknown {
  return jsonOf(body, UNREADABLE);
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

import type { buildApp } from 'fauxqs';
import { entryOf } from '../functions/entry-of.ts';

/** What a member of a request is. Members that are not named are not looked at. */
type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | { readonly listOf: Shape }
  | { readonly mapOf: Shape }
  | { readonly members: Readonly<Record<string, Shape>> };

/** Thrown when a request cannot be read: its sender has to change it. It is answered with 400, in the form of the service. */
export class UnreadableRequestError extends Error {
  readonly code: string;

  /** @param code by which the service names it. @default SerializationException */
  constructor(message: string, code = 'SerializationException') {
    super(message);
    this.code = code;
  }
}

const JSON_1_0 = 'application/x-amz-json-1.0';

/** Answers requests that cannot be read with 400 instead of 500. Call it before the engine listens. */
export function answerUnreadable(app: ReturnType<typeof buildApp>): void {
  app.removeContentTypeParser(JSON_1_0);
  app.addContentTypeParser(JSON_1_0, { parseAs: 'string' }, async (_request: unknown, body: string) =>
    parseJson(body),
  );
  app.setErrorHandler((error, request, reply) => {
    // Any other error is one of this program, or Fastify's own with its status.
    if (!(error instanceof UnreadableRequestError)) return reply.send(error);
    const { code, message } = error;
    const type = request.headers['content-type'] ?? 'application/json';
    reply.status(400).header('x-amzn-errortype', code);
    reply.header('content-type', type.startsWith('application/x-amz-json') ? type : 'application/json');
    return reply.send(JSON.stringify({ __type: code, message }));
  });
}

/**
 * Reads the body of a request: an object whose members have the given shapes. A member that is null counts as left out.
 *
 * @param body the parsed body, or its bytes: the engine parses only the JSON of SQS
 * @throws UnreadableRequestError when it is no JSON object, or a member is something else
 */
export function readRequest<T extends object>(body: unknown, members: Readonly<Record<string, Shape>>): T {
  // Each member is checked to be what T says, or is not there.
  return checked(jsonOf(body), { members }, 'the request') as T;
}

/** The parsed body of a request. Without one, an empty object. @throws UnreadableRequestError when it is no JSON */
export function jsonOf(body: unknown, code?: string): unknown {
  if (body === undefined) return {};
  if (!(body instanceof Buffer)) return body;
  return body.length === 0 ? {} : parseJson(body.toString(), code);
}

function parseJson(text: string, code?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Whoever sent it has to change it.
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableRequestError(`the body is not valid JSON: ${reason}`, code);
  }
}

function checked(value: unknown, shape: Shape, where: string): unknown {
  if (shape === 'text') return ifRight(typeof value === 'string', value, `${where} is no string`);
  if (shape === 'number') return ifRight(typeof value === 'number', value, `${where} is no number`);
  if (shape === 'flag') return ifRight(typeof value === 'boolean', value, `${where} is no boolean`);
  if ('listOf' in shape) {
    if (!Array.isArray(value)) throw new UnreadableRequestError(`${where} is no list`);
    return value.map((one, index) => checked(one, shape.listOf, `${where}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnreadableRequestError(`${where} is no JSON object`);
  const there = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    there.map(([name, member]) => {
      const known = 'mapOf' in shape ? shape.mapOf : entryOf(shape.members, name);
      return [name, known === undefined ? member : checked(member, known, `${name} of ${where}`)];
    }),
  );
}

function ifRight(isRight: boolean, value: unknown, problem: string): unknown {
  if (!isRight) throw new UnreadableRequestError(problem);
  return value;
}

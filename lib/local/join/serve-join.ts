import { timingSafeEqual } from 'node:crypto';
import { readOwnPackage } from '../../project/own-package.ts';
import type { EngineApp } from '../engines/fauxqs.ts';
import type { JoinRequest } from './guest.ts';
import type { Guests } from './guests.ts';

/** The body of a request to join. */
export type JoinBody = Omit<JoinRequest, 'log'>;

/** A line of the answer. The guest is connected for as long as the request is open. */
export type JoinLine = { readonly joined: string } | { readonly log: string } | { readonly error: string };

/** Which process answers, and the version of its package. */
export interface JoinInfo {
  readonly processId: number;
  readonly version: string;
}

export const JOIN_PATH = '/_fanfare/join';

export interface ServeJoinOptions {
  readonly guests: Guests;
  readonly token: string;
  /** Gets what the terminal of the bus shows. */
  readonly say: (line: string) => void;
}

/**
 * Serves `POST /_fanfare/join`: the app in a folder of this machine joins, and leaves when the connection ends, or by `DELETE
 * /_fanfare/join/:name`. `PUT /_fanfare/join/:name` deploys it again. Joining runs the code of that folder, so the caller has to know the
 * token, which only the owner of this process can read. `GET /_fanfare/join` says which process this is. Call it before the engine listens.
 */
export function serveJoin(app: EngineApp, { guests, token, say }: ServeJoinOptions): void {
  app.get(JOIN_PATH, (): JoinInfo => ({ processId: process.pid, version: readOwnPackage().version }));
  app.register(async (scope) => {
    scope.addHook('preHandler', async (request, reply) => {
      if (!isKnown(request.headers.authorization, token)) return reply.status(403).send(FORBIDDEN);
    });
    scope.setErrorHandler((error, _request, reply) => reply.status(400).send({ message: messageOf(error) }));
    scope.post(JOIN_PATH, (request, reply) => {
      const body = bodyOf(request.body, isJoinBody);
      const gone = new Promise<void>((resolve) => request.raw.socket.once('close', resolve));
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
      // A guest that was killed hears nothing any more.
      raw.on('error', () => undefined);
      const line = (value: JoinLine): void => {
        if (!raw.writableEnded) raw.write(`${JSON.stringify(value)}\n`);
      };
      void stay(guests, { body, gone, line, say }).then(() => raw.end());
    });
    scope.delete<{ Params: { name: string } }>(`${JOIN_PATH}/:name`, async ({ params: { name } }) => {
      await guests.leave(name);
      return { left: true };
    });
    scope.put<{ Params: { name: string } }>(`${JOIN_PATH}/:name`, async ({ params: { name }, body }) => {
      await guests.reload(name, bodyOf(body, isReload).assemblyDirectory);
      return { deployed: true };
    });
  });
}

interface Connection {
  readonly body: JoinBody;
  /** Resolves when the connection has ended. */
  readonly gone: Promise<void>;
  readonly line: (value: JoinLine) => void;
  readonly say: (line: string) => void;
}

/** From when a guest joins to when it has left. Never rejects: both terminals are told. */
async function stay(guests: Guests, { body, gone, line, say }: Connection): Promise<void> {
  let name = 'an app';
  try {
    const guest = await guests.join({ ...body, log: (log) => line({ log }) });
    ({ name } = guest);
    say(`${name} has joined (account ${body.account}).`);
    line({ joined: name });
    await Promise.race([guest.left, gone.then(() => guest.leave())]);
    say(`${name} has left; its queues ${body.remove ? 'are removed' : 'go on filling until it comes back'}.`);
  } catch (error) {
    say(`${name} could not join, or not leave as asked: ${messageOf(error)}`);
    line({ error: messageOf(error) });
  }
}

const FORBIDDEN = { message: 'this is for the owner of the bus; its token is in ~/.fanfare/running' };

function isKnown(authorization: string | undefined, token: string): boolean {
  const given = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** @throws TypeError when the body is something else */
function bodyOf<T>(body: unknown, isOne: (value: unknown) => value is T): T {
  const value: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body;
  if (isOne(value)) return value;
  throw new TypeError(
    'the request of the app is not readable; install the same version of Fanfare in both apps',
  );
}

function isReload(value: unknown): value is Pick<JoinBody, 'assemblyDirectory'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'assemblyDirectory' in value &&
    typeof value.assemblyDirectory === 'string'
  );
}

function isJoinBody(value: unknown): value is JoinBody {
  return (
    isReload(value) &&
    'account' in value &&
    /^\d{12}$/.test(String(value.account)) &&
    'verbose' in value &&
    typeof value.verbose === 'boolean' &&
    'remove' in value &&
    typeof value.remove === 'boolean'
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

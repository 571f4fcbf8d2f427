import { Socket } from 'node:net';
import { currentScope } from './handler-scope.ts';

/** Takes `fetch`, and refuses every other connection: a test must not reach a real service without anybody's noticing. */
export function interceptNetwork(): () => void {
  const originalFetch = globalThis.fetch;
  const originalConnect = Socket.prototype.connect;
  globalThis.fetch = async (input, init) => {
    const scope = currentScope();
    return scope ? scope.fetch(new Request(input, init)) : originalFetch(input, init);
  };
  Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]): Socket {
    if (currentScope()) throw new TypeError(REFUSAL);
    return Reflect.apply(originalConnect, this, args);
  };
  return () => {
    globalThis.fetch = originalFetch;
    Socket.prototype.connect = originalConnect;
  };
}

const REFUSAL =
  'the handler opens a connection that the testing kit does not intercept; it knows AWS SDK v3 clients and fetch. ' +
  'A client of the AWS SDK is missed when a second copy of the SDK is installed: npm ls @smithy/core';

import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallOptions } from './call.ts';

/** Code of a handler at work: what it may reach of the world outside, which is the test's. */
export interface HandlerScope {
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 (included) to 1 (excluded). */
  random(): number;
  /** Runs something later, in the test's own time. */
  later(milliseconds: number, run: () => void): { cancel(): void };
  /** A call of an AWS SDK client. */
  callAws(service: string, operation: string, input: object, options: CallOptions): Promise<object>;
  /** A call of `fetch`. */
  fetch(request: Request): Promise<Response>;
  /** Notes that the handler waits for something in the test's own time. */
  waitsFor(promise: Promise<unknown>): void;
}

const storage = new AsyncLocalStorage<HandlerScope>();

/** The scope of the code that is running; undefined when it is no handler of a testing kit. */
export function currentScope(): HandlerScope | undefined {
  return storage.getStore();
}

/** Runs a handler so that everything it starts belongs to its scope. */
export function inScope<T>(scope: HandlerScope, work: () => T): T {
  return storage.run(scope, work);
}

import type { CallOptions } from '../process/call.ts';
import type { HandlerScope } from '../process/handler-scope.ts';
import type { Invocation } from '../process/invocation.ts';
import { answerOf, type OutsideCall, readRequest } from './outside-calls.ts';
import type { Run, World } from './world.ts';

/** How long a handler may wait for something real, such as a file, before the test's time goes on without it. */
const REAL_WAIT_MS = 2_000;

/** One run of a handler with one event: what it reaches of the world. */
export class HandlerRun implements HandlerScope, Run {
  /** `<source>|<id>` of its event. */
  readonly event: string;
  readonly invocation: Invocation;
  running = true;
  readonly #world: World;
  /** Promises in the test's own time that are not settled yet. */
  #pending = 0;
  #idleSince = performance.now();

  constructor(world: World, invocation: Invocation, event: string) {
    this.#world = world;
    this.invocation = invocation;
    this.event = event;
  }

  /** Whether it is at work on something that the test's time knows nothing of. */
  get isBusy(): boolean {
    if (!this.running || this.invocation.dead || this.#pending > 0) return false;
    if (performance.now() - this.#idleSince < REAL_WAIT_MS) return true;
    this.#world.reportTestError(endlessWait(this.event));
    return false;
  }

  now(): number {
    return this.invocation.clock.now();
  }

  random(): number {
    return this.#world.random();
  }

  later(milliseconds: number, run: () => void): { cancel(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waitsFor(promise);
    const moment = this.invocation.later(milliseconds, () => {
      run();
      resolve();
    });
    return {
      cancel: () => {
        moment.cancelled = true;
        resolve();
      },
    };
  }

  waitsFor(promise: Promise<unknown>): void {
    this.#pending += 1;
    const settled = (): void => {
      this.#pending -= 1;
      this.#idleSince = performance.now();
    };
    promise.then(settled, settled);
  }

  callAws(service: string, operation: string, input: object, options: CallOptions): Promise<object> {
    const call = { service, operation, byHandler: true };
    return this.invocation.call(
      call,
      () => {
        if (service === 'DynamoDB') return this.#world.writeAs(this, 'client', operation, input);
        const outside = { service, operation, input: { ...input } };
        return this.#answer(outside);
      },
      options,
    );
  }

  fetch(request: Request): Promise<Response> {
    const call = { service: 'fetch', operation: request.method, byHandler: true };
    return this.invocation.call(
      call,
      async () => {
        const outside = await readRequest(request);
        const { answerFetch } = this.#world;
        if (!answerFetch) {
          const remedy = 'fetch: (request) => new Response(...)';
          throw this.#world.reportTestError(noAnswer(`fetch('${request.url}')`, remedy));
        }
        this.#world.calls.push({ ...outside, event: this.event });
        return answerFetch(request);
      },
      { abortSignal: request.signal },
    );
  }

  /** The call counts also when the test's answer is an error: the service has got it. */
  #answer(outside: OutsideCall): object {
    const name = `${outside.service}.${outside.operation}`;
    const answer = answerOf(this.#world.answers, name);
    if (!answer)
      throw this.#world.reportTestError(noAnswer(name, `answers: { '${name}': (input) => ({ ... }) }`));
    this.#world.calls.push({ ...outside, event: this.event });
    return { $metadata: {}, ...answer(outside.input) };
  }
}

function endlessWait(event: string): Error {
  return new Error(
    `the handler of ${event} has waited for ${REAL_WAIT_MS / 1000} s for something that the test's time knows nothing of, such as a file or a promise that nobody settles; hand the handler something quicker`,
  );
}

function noAnswer(what: string, remedy: string): Error {
  return new Error(`the handler calls ${what}, and the test does not say what it answers; add ${remedy}`);
}

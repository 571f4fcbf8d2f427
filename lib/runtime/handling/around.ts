import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { HandlerEndedError } from '../errors.ts';
import type { HandledEvent } from '../event/handled-event.ts';
import { EventContext } from './context.ts';
import type { Handle } from './handle.ts';
import type { HandlerContext } from './handler-context.ts';

/**
 * A function that runs around every handler of a consumer. If it throws, its event has failed; other events of the batch are not affected.
 *
 * @param next runs the handler; it must be called exactly once. It rejects when the handler throws, and it begins no handler when it is called
 * after the function has ended, or after the time of handlers is over
 */
export type Around<Definition extends ConsumerDefinition> = (
  event: HandledEvent<Definition>,
  context: HandlerContext<Definition>,
  next: () => Promise<void>,
) => Promise<void>;

/** `Around` of any consumer. It is called only with events of the consumer's definition, and their data has been checked. */
type AnyAround = (...given: [...Parameters<Handle>, next: () => Promise<void>]) => Promise<void>;

/**
 * Runs `around` around every handler. An event is done only when its handler is: a handler that has failed stays failed, also when `around`
 * catches its error, and a handler that `around` does not await is waited for, also when `around` throws.
 */
export function wrapHandlers<Definition extends ConsumerDefinition>(
  handlers: ReadonlyMap<string, Handle>,
  around: Around<Definition>,
): ReadonlyMap<string, Handle> {
  // The contract of every event has been checked before: that makes the cast right.
  const wrap = around as unknown as AnyAround;
  return new Map([...handlers].map(([type, handler]) => [type, wrapHandler(type, handler, wrap)]));
}

function wrapHandler(type: string, handler: Handle, around: AnyAround): Handle {
  return async (event, context) => {
    let running: Promise<void> | undefined;
    let ended = false;
    const next = (): Promise<void> => {
      const late = ended || isOver(context);
      if (running && !late)
        throw new Error(`around calls next() twice for ${type}; a handler runs once per event`);
      const run = Promise.resolve().then(async () => {
        if (late) throw new HandlerEndedError('next()');
        await handler(event, context);
      });
      // If `around` does not await it, its rejection must not end the process. What is not late is awaited below.
      run.catch(() => undefined);
      if (!late) running = run;
      return run;
    };
    try {
      await around(event, context, next);
      ended = true;
    } catch (error) {
      ended = true;
      // The event has failed, but not before its handler has ended: its redelivery must not run beside it.
      await running?.catch(() => undefined);
      throw error;
    }
    if (!running) throw new Error(`around has returned without calling next() for ${type}`);
    await running;
  };
}

function isOver(context: HandlerContext): boolean {
  return context instanceof EventContext && context.isOver;
}

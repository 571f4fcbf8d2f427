import { throttled } from './dynamodb/errors.ts';
import type { Call, Disturbance } from './process/call.ts';

/**
 * What goes wrong with one delivery:
 *
 * - `throttledTables`: DynamoDB refuses every request of the invocation
 * - `refusedPublish`: SNS takes no event
 * - `refusedDeadLetter`: the dead-letter queue takes no message
 * - `lostAnswers`: the first answer to each kind of call of the handler, `ctx.commit` among them, is lost
 * - `slowCalls`: the handler's calls, `ctx.commit` among them, are not executed, and take longer than the invocation has
 * - `crashBeforeCall`, `crashAfterCall`: the process dies with the handler's first call, before or after it is executed
 */
export type Fault =
  | 'throttledTables'
  | 'refusedPublish'
  | 'refusedDeadLetter'
  | 'lostAnswers'
  | 'slowCalls'
  | 'crashBeforeCall'
  | 'crashAfterCall';

/** Decides what goes wrong with the calls of one invocation. @param remainingMs how long it may last */
export function disturbBy(fault: Fault | undefined, remainingMs: number): (call: Call) => Disturbance {
  const lost = new Set<string>();
  return ({ service, operation, byHandler }) => {
    switch (fault) {
      case undefined:
        return {};
      case 'throttledTables':
        return service === 'DynamoDB' ? { refusal: throttled() } : {};
      case 'refusedPublish':
        return service === 'SNS' && !byHandler ? { refusal: unavailable('SNS') } : {};
      case 'refusedDeadLetter':
        return operation === 'SendMessageBatch' && !byHandler ? { refusal: unavailable('SQS') } : {};
      case 'slowCalls':
        return byHandler ? { refusal: unavailable(service), delayMs: remainingMs } : {};
      case 'crashBeforeCall':
        return byHandler ? { crash: 'before' } : {};
      case 'crashAfterCall':
        return byHandler ? { crash: 'after' } : {};
      case 'lostAnswers': {
        const name = `${service}.${operation}`;
        if (!byHandler || lost.has(name)) return {};
        lost.add(name);
        return { lostAnswer: true };
      }
    }
  };
}

function unavailable(service: string): Error {
  return Object.assign(new Error(`${service} is not available for the moment`), {
    name: 'ServiceUnavailable',
    $retryable: {},
  });
}

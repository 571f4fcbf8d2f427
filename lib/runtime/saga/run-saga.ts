import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { isSaga, type SagaDefinition } from '../../contracts/saga/saga-definition.ts';
import { type ConsumeOptions, consume, type Handlers } from '../consume.ts';
import { EventContext } from '../handling/context.ts';
import type { HandlerContext } from '../handling/handler-context.ts';
import type { Matrix } from './decide.ts';
import { freeze } from './frozen.ts';
import { moveSaga } from './move-saga.ts';
import type { SagaEvent, Transitions } from './transitions.ts';

/**
 * The matrix of a saga whose definition is given in the same call. A conditional type is resolved before the compiler looks into the matrix;
 * without it, the parameters of the transitions would have no types there.
 */
type TransitionsOf<Saga extends SagaDefinition> = Saga extends SagaDefinition ? Transitions<Saga> : never;

/**
 * Creates the Lambda handler of a saga. Each event moves its saga once, however often it is delivered: the move, the events that it emits
 * and the mark that the event is done are stored in one transaction. See docs/sagas.md.
 *
 * @example
 * export const handler = runSaga(orders, {
 *   new: {
 *     'shop.OrderPlaced': ({ data }, saga) => {
 *       saga.goTo('paying', { totalMinor: data.totalMinor });
 *       saga.timeout(PaymentTimedOut, { orderId: saga.id }, { in: 600 });
 *     },
 *     'shop.PaymentAccepted': 'wait',
 *   },
 *   paying: {
 *     'shop.OrderPlaced': 'ignore',
 *     'shop.PaymentAccepted': (_event, saga) => saga.end('shipped'),
 *     'shop.PaymentTimedOut': (_event, saga) => saga.end('cancelled'),
 *   },
 *   shipped: 'ignore',
 *   cancelled: 'ignore',
 * });
 * @throws Error at start when an environment variable is missing that the stack sets
 */
export function runSaga<Saga extends SagaDefinition>(
  definition: Saga,
  transitions: TransitionsOf<Saga>,
  options?: ConsumeOptions<Saga>,
): ReturnType<typeof consume> {
  return consume(definition, sagaHandlers(definition, transitions), options);
}

/**
 * The handlers of a saga, one for each of its events. `runSaga` gives them to `consume`; a test gives them to `testConsumer` or `simulate`.
 *
 * @throws TypeError when a cell is no transition and no word of the matrix
 */
export function sagaHandlers<Saga extends SagaDefinition>(
  definition: Saga,
  transitions: TransitionsOf<Saga>,
): Handlers<Saga> {
  // Each transition is called only with events of its type, and their data has been checked: that makes the casts right.
  const matrix = transitions as unknown as Matrix;
  refuseWrongCells(definition, matrix);
  const handlers = definition.listensTo.map(({ type }) => [
    type,
    async (event: Envelope, context: HandlerContext): Promise<void> => {
      // The definition that the consumer runs with: a simulation shortens its waits.
      const running = context instanceof EventContext && context.props.definition;
      if (!running || !isSaga(running))
        throw new TypeError(
          `the handlers of saga '${definition.name}' run only with its definition, in runSaga, testConsumer or simulate`,
        );
      await moveSaga({ definition: running, matrix, type, event: await whole(event) }, context);
    },
  ]);
  return Object.fromEntries(handlers) as Handlers<Saga>;
}

/** A misspelt word would otherwise be found out by the first event that meets it. */
function refuseWrongCells({ name }: SagaDefinition, matrix: Matrix): void {
  for (const [step, row] of Object.entries(matrix)) {
    if (row === 'ignore') continue;
    for (const [type, cell] of Object.entries(Object(row))) {
      if (typeof cell === 'function' || cell === 'ignore' || cell === 'wait') continue;
      throw new TypeError(
        `saga '${name}' has ${JSON.stringify(cell)} for ${type} in '${step}'; write a transition, 'ignore' or 'wait'`,
      );
    }
  }
}

/** The event with its data, which is fetched if the event has a link. Transitions that run again get the same event: it cannot be changed. */
async function whole(event: Envelope): Promise<SagaEvent> {
  const { data } = event;
  if (data === undefined && 'resolve' in event && typeof event.resolve === 'function')
    return freeze({ ...event, data: await event.resolve() });
  return freeze({ ...event, data });
}

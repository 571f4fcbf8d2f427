/**
 * `fanfare/saga`: runs sagas. It is apart from `fanfare/runtime`, whose code every consumer has as a whole: a consumer that is no saga does not
 * carry this.
 */
import '../../contracts/needs-node.ts';

export { runSaga, sagaHandlers } from './run-saga.ts';
export type {
  EndedSaga,
  NewSaga,
  RunningSaga,
  SagaEvent,
  TimeoutDelay,
  Transition,
  Transitions,
} from './transitions.ts';

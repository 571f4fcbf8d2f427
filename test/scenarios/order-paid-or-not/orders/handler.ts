import { runSaga } from '../../../../lib/runtime/saga/run-saga.ts';
import { orders } from './consumer.ts';
import { transitions } from './transitions.ts';

export const handler = runSaga(orders, transitions);

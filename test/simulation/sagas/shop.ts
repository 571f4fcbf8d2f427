import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import { handlerMap } from '../../../lib/runtime/consume.ts';
import type { Handle } from '../../../lib/runtime/handling/handle.ts';
import { sagaHandlers } from '../../../lib/runtime/saga/run-saga.ts';
import { customers } from '../../scenarios/order-paid-or-not/customers/consumer.ts';
import { handlers as customersHandlers } from '../../scenarios/order-paid-or-not/customers/handlers.ts';
import { orders } from '../../scenarios/order-paid-or-not/orders/consumer.ts';
import { transitions } from '../../scenarios/order-paid-or-not/orders/transitions.ts';
import { payments } from '../../scenarios/order-paid-or-not/payments/consumer.ts';
import { handlers as paymentsHandlers } from '../../scenarios/order-paid-or-not/payments/handlers.ts';
import { shipping } from '../../scenarios/order-paid-or-not/shipping/consumer.ts';
import { handlers as shippingHandlers } from '../../scenarios/order-paid-or-not/shipping/handlers.ts';
import { stock } from '../../scenarios/order-paid-or-not/stock/consumer.ts';
import { handlers as stockHandlers } from '../../scenarios/order-paid-or-not/stock/handlers.ts';

/** Trouble must not use an event's attempts up: then it would rightly have no effect. */
const RETRY = { maxAttempts: 100, firstDelaySeconds: 1, maxDelaySeconds: 20 };
/** Longer than all trouble lasts. */
const LONGEST_WAIT_SECONDS = 50_000;

/** A consumer of the shop of test/scenarios/order-paid-or-not. */
export interface ShopConsumer {
  readonly definition: ConsumerDefinition;
  readonly handlers: ReadonlyMap<string, Handle>;
}

const saga = {
  ...orders,
  retry: RETRY,
  saga: { ...orders.saga, longestWaitSeconds: LONGEST_WAIT_SECONDS },
};

/** All consumers of the shop: the saga, and what it leads. */
export const SHOP: readonly ShopConsumer[] = [
  { definition: saga, handlers: handlerMap(sagaHandlers(orders, transitions), undefined) },
  { definition: { ...stock, retry: RETRY }, handlers: handlerMap(stockHandlers, undefined) },
  { definition: { ...payments, retry: RETRY }, handlers: handlerMap(paymentsHandlers, undefined) },
  { definition: { ...shipping, retry: RETRY }, handlers: handlerMap(shippingHandlers, undefined) },
  { definition: { ...customers, retry: RETRY }, handlers: handlerMap(customersHandlers, undefined) },
];

import { readSagaItem, type SagaItem } from '../../../lib/contracts/saga/saga-item.ts';
import { OPENING_STOCK } from '../../scenarios/order-paid-or-not/stock/consumer.ts';
import type { ItemChange } from '../services/dynamodb/simulated-dynamodb.ts';
import type { Invocation } from '../services/invocation.ts';
import type { Order } from './orders.ts';
import { SHOP } from './shop.ts';
import type { SagaWorld } from './world.ts';

const ENDS = ['shipped', 'cancelled'];

/** Looks at each change of an item: a saga moves by one version, and never leaves its end; no more is put aside than there is. */
export function judgeChange(world: SagaWorld, { table, key, before, after }: ItemChange<Invocation>): void {
  if (table === 'sagas') {
    const [from, to] = [before && readSagaItem(before), readSagaItem(after)];
    if (to.version !== (from?.version ?? 0) + 1)
      world.violate(`saga ${key} goes from version ${from?.version} to ${to.version}`);
    if (from && ENDS.includes(from.step) && from.step !== to.step)
      world.violate(`saga ${key} has ended in ${from.step} and goes to ${to.step}`);
  }
  const reserved = Number(after.reserved?.N ?? 0);
  if (table === 'stock' && (reserved < 0 || reserved > OPENING_STOCK))
    world.violate(`${reserved} of ${key} are put aside`);
}

/** Looks at what is left when nothing moves any more: every order has one end, and stock and money add up. */
export function* endViolations(world: SagaWorld): Iterable<string> {
  for (const { definition } of SHOP) {
    const { deadLetters, waiting } = world.queue(definition.name);
    const [letter] = deadLetters;
    if (letter)
      yield `${definition.name} has ${deadLetters.length} dead letters: ${letter.attributes?.errorMessage} ${letter.body}`;
    if (waiting.length > 0)
      yield `${definition.name} has ${waiting.length} messages left: ${waiting[0]?.body}`;
  }
  const sagas = sagasOf(world);
  for (const order of world.orders) yield* orderViolations(world, order, sagas.get(order.orderId));
  const shipped = world.orders.filter(({ orderId }) => sagas.get(orderId)?.step === 'shipped');
  for (const sku of new Set(world.orders.map((order) => order.sku))) {
    const wanted = sum(shipped.filter((order) => order.sku === sku).map(({ quantity }) => quantity));
    const reserved = Number(world.dynamodb.items('stock').get(sku)?.reserved?.N ?? 0);
    if (reserved !== wanted) yield `${reserved} of ${sku} are put aside, and ${wanted} are shipped`;
  }
  const prepaid = world.orders.filter(({ card }) => card === 'prepaid').map(({ totalMinor }) => totalMinor);
  const taken = [...world.dynamodb.items('payments').values()].map((item) => Number(item.paidMinor?.N));
  const paid = sum([...prepaid, ...taken]);
  const due = sum(shipped.map(({ totalMinor }) => totalMinor));
  if (paid !== due) yield `${paid} are paid for orders of ${due}`;
}

/** The sagas of a world, by order. */
export function sagasOf(world: SagaWorld): ReadonlyMap<string, SagaItem> {
  return new Map([...world.dynamodb.items('sagas')].map(([id, item]) => [id, readSagaItem(item)]));
}

function* orderViolations(
  world: SagaWorld,
  { orderId, card }: Order,
  saga: SagaItem | undefined,
): Iterable<string> {
  if (!saga || !ENDS.includes(saga.step) || saga.endedAt === undefined)
    return yield `${orderId} (${card}) has not ended, but is in ${saga?.step}`;
  if (Object.keys(saga.timeouts).length > 0) yield `${orderId} has ended and has a time-out`;
  const isShipped = world.dynamodb.items('shipments').has(orderId);
  const isTold = world.dynamodb.items('messages').has(orderId);
  if (isShipped !== (saga.step === 'shipped')) yield `${orderId} is ${saga.step}, and shipped: ${isShipped}`;
  if (isTold !== (saga.step === 'cancelled'))
    yield `${orderId} is ${saga.step}, and its customer was told of a cancellation: ${isTold}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

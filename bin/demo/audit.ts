import { type DemoOrder, openingStock, REFUSED_ADDRESS, SCARCE_QUANTITY, SCARCE_SKU } from './orders.ts';
import type { ShopState } from './shop-state.ts';

/** One sum that has to come out right. */
export interface Finding {
  readonly what: string;
  readonly expected: number;
  readonly found: number;
}

/**
 * Compares what the shop holds with what was ordered. Every order counts once, however often it was posted.
 *
 * @returns all that was checked; it is right when `expected` equals `found` in each
 */
export function checkShopState(orders: readonly DemoOrder[], state: ShopState): Finding[] {
  const served = orders.length - unservable(orders);
  const opening = new Map(openingStock().data.lines.map(({ sku, quantity }) => [sku, quantity]));
  const lost = [...opening].reduce((sum, [sku, quantity]) => {
    const row = state.stock.get(sku) ?? { available: 0, reserved: 0 };
    return sum + Math.abs(quantity - row.available - row.reserved);
  }, 0);
  return [
    { what: 'orders with a reservation', expected: served, found: state.reservations.size },
    {
      what: 'reservations with a shipment',
      expected: served,
      found: state.reservations.intersection(state.shipments).size,
    },
    { what: 'shipments in all', expected: served, found: state.shipments.size },
    {
      what: `pieces of ${SCARCE_SKU} put aside`,
      expected: demandMet(orders),
      found: state.stock.get(SCARCE_SKU)?.reserved ?? 0,
    },
    { what: 'pieces lost or made up in stock', expected: 0, found: lost },
    { what: 'pieces counted by analytics', expected: piecesOf(orders), found: state.counted.pieces },
    { what: 'lines counted by analytics', expected: linesOf(orders), found: state.counted.lines },
    { what: 'mails sent', expected: orders.length - refused(orders), found: state.mails.length },
  ];
}

/** Orders that ask for the scarce SKU beyond what there is of it. */
function unservable(orders: readonly DemoOrder[]): number {
  return scarceDemand(orders) - demandMet(orders);
}

function demandMet(orders: readonly DemoOrder[]): number {
  return Math.min(SCARCE_QUANTITY, scarceDemand(orders));
}

function scarceDemand(orders: readonly DemoOrder[]): number {
  return orders.filter(({ data }) => data.lines.some(({ sku }) => sku === SCARCE_SKU)).length;
}

function refused(orders: readonly DemoOrder[]): number {
  return orders.filter(({ data }) => data.email === REFUSED_ADDRESS).length;
}

function linesOf(orders: readonly DemoOrder[]): number {
  return orders.reduce((sum, { data }) => sum + data.lines.length, 0);
}

function piecesOf(orders: readonly DemoOrder[]): number {
  return orders.flatMap(({ data }) => data.lines).reduce((sum, { quantity }) => sum + quantity, 0);
}

import { expect, it } from 'vitest';
import { findVersion } from '../../../lib/cli/find-version.ts';
import * as events from '../../apps/orders/events/index.ts';

const contracts = Object.values(events);

it('finds the newest version of a name, or the version that is named', () => {
  expect(findVersion(contracts, 'shop.OrderPlaced').versionedType).toBe(events.OrderPlaced.versionedType);
  expect(findVersion(contracts, 'shop.OrderPlaced.v1').version).toBe(1);
});

it('lists what is known when there is no such event, the most similar first', () => {
  expect(() => findVersion(contracts, 'shop.orderPlacd')).toThrow(
    /there is no event 'shop.orderPlacd'; known are shop\.OrderPlaced\.v1, .*shop\.StockReceived\.v1/,
  );
});

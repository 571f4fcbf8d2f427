import { expect, it } from 'vitest';
import { deploymentOfBus } from '../../../lib/contracts/bus/deployment-of-bus.ts';
import {
  consumerSource,
  emitterName,
  isConsumerSource,
} from '../../../lib/contracts/envelope/consumer-source.ts';

it.each([
  ['of the app of the bus', 'shop-dev', 'shop-dev-Bus', 'email'],
  ['of a named bus of its app', 'shop-dev', 'shop-dev-Ledger', 'email'],
  ['of another app', 'fraud-dev', 'shop-dev-Bus', 'fraud-dev/email'],
  ['of another stage', 'shop-dev', 'shop-dev-2-Bus', 'shop-dev/email'],
  ['of a stage whose name goes on', 'shop-dev-2', 'shop-dev-Bus', 'shop-dev-2/email'],
  ['of an app whose name goes on', 'shop-dev', 'shop2-dev-Bus', 'shop-dev/email'],
])('a consumer %s', (_, owner, busName, name) => {
  expect(emitterName('email', owner, busName)).toBe(name);
  expect(isConsumerSource(consumerSource(name))).toBe(true);
});

it.each([
  ['shop-dev-Bus', 'shop-dev'],
  ['shop-dev-2-Ledger', 'shop-dev-2'],
  ['Bus', ''],
])('the bus %s is of the deployment %j', (busName, deployment) => {
  expect(deploymentOfBus(busName)).toBe(deployment);
});

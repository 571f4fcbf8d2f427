import { type BusAddress, FIRST_BUS } from '../../contracts/bus/bus-parameters.ts';
import { stackName } from '../stack-name.ts';

/** What the bus is called in the account, such as `shop-dev-Bus`. It is the name of its stack. */
export function busName({ app, stage, name = FIRST_BUS }: BusAddress): string {
  return stackName({ app, name: stage }, name);
}

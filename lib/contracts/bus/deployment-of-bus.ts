/**
 * Which app and stage a bus belongs to, such as `shop-dev`. The last part of its name has no dash.
 *
 * @param busName the name of its stack, such as `shop-dev-Bus`
 */
export function deploymentOfBus(busName: string): string {
  return busName.slice(0, Math.max(0, busName.lastIndexOf('-')));
}

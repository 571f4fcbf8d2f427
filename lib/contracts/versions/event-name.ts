/** The name of an event without its version: `shop.OrderPlaced` of `shop.OrderPlaced.v1`. */
export function eventName(versionedType: string): string {
  return versionedType.replace(/\.v\d+$/, '');
}

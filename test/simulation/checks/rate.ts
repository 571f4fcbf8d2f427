import type { World } from '../world.ts';

/** In no second do more handlers of a consumer begin than its limit allows, by the clocks of its instances. */
export function rateViolations({ settings, turns }: World): string[] {
  return [...turns.begun].flatMap(([consumer, times]) => {
    const { rateLimit } = settings.kinds[consumer];
    if (!rateLimit) return [];
    const { perSecond } = rateLimit;
    const inOrder = times.toSorted((a, b) => a - b);
    return inOrder.flatMap((at, index) => {
      const next = inOrder[index + perSecond] ?? Number.POSITIVE_INFINITY;
      // Sums of milliseconds and their parts are off by less than a thousandth.
      return next - at > 999.999
        ? []
        : [`${consumer} began ${perSecond + 1} handlers in ${(next - at).toFixed()} ms`];
    });
  });
}

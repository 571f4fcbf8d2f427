/**
 * Makes `Date` of this process show a time that is ahead of the real one. Call it before anything else is loaded.
 *
 * @returns how to set by how many milliseconds, and the real time
 */
export function makeDateVirtual(): { setAhead(milliseconds: number): void; realNow(): number } {
  const original = globalThis.Date;
  let aheadMs = 0;
  const now = (): number => original.now() + aheadMs;
  const VirtualDate = new Proxy(original, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new original(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  // Some libraries compare the constructors of two values.
  Object.defineProperty(original.prototype, 'constructor', { value: VirtualDate });
  globalThis.Date = VirtualDate;
  return {
    setAhead: (milliseconds) => {
      aheadMs = milliseconds;
    },
    realNow: () => original.now(),
  };
}

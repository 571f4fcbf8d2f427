/**
 * Waits for a promise, but only until the signal fires. This is needed because some functions ignore their signal, and the
 * others react late.
 *
 * @throws the signal's reason when the signal fires first; the work continues, and its result is ignored
 */
export function untilAborted<T>(signal: AbortSignal | undefined, begin: () => Promise<T>): Promise<T> {
  if (!signal) return begin();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    begin()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

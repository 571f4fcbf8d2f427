/**
 * Waits for something, but not longer than until the signal fires: not everything that takes a signal heeds it, and nothing
 * heeds it at once.
 *
 * @throws the signal's reason when it fires first; what was waited for goes on, and nothing comes of it
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

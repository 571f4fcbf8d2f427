import { once } from 'node:events';

/** Waits until what was printed is on its way, so that a slow reader of many lines does not fill the memory. */
export async function drained(): Promise<void> {
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
}

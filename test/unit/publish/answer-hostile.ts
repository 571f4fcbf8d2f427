import { parentPort, workerData } from 'node:worker_threads';
import { publish, STRUCTURED } from './shop-door.ts';

/** Runs in a worker with as much memory as the function has: publishes the body that it was given. */
const { status, published } = await publish(workerData.body, {
  'content-type': workerData.contentType ?? STRUCTURED,
});
parentPort?.postMessage({ status, published: published.length });

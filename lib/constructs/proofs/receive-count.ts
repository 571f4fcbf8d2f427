import type { Proof } from './prove-consumer.ts';

/** Fewer receives to wait in, and a short outage of a table would bring untried events to the dead-letter queue. */
const MIN_WAITING_RECEIVES = 20;

/**
 * SQS counts further than the runtime: no event gets into the dead-letter queue because it waited, or because its message
 * group did.
 */
export const proveReceiveCount: Proof = ({ definition, fifo, maxReceiveCount }) => {
  const { retry, batchSize } = definition;
  const attempts = fifo ? retry.maxAttempts * batchSize : retry.maxAttempts;
  if (maxReceiveCount >= attempts + MIN_WAITING_RECEIVES) return [];
  const remedy = fifo
    ? 'retry.maxAttempts, batchSize or retry.maxDelaySeconds'
    : 'retry.maxAttempts or retry.maxDelaySeconds';
  return [
    `its queue can hand a message out ${maxReceiveCount} times before it has to give it up, and its attempts may need ${attempts}; at least ${MIN_WAITING_RECEIVES} more are needed for waiting, so lower ${remedy}`,
  ];
};

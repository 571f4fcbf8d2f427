import type { Validation } from './rule.ts';

/** Receives kept for waiting. With fewer, a short outage of a table would move events to the dead-letter queue that no handler has seen. */
const MIN_WAITING_RECEIVES = 20;

/**
 * The queue's receive count is higher than the runtime's attempts: no event gets into the dead-letter queue because it, or its message
 * group, had to wait.
 */
export const validateReceiveCount: Validation = ({ definition, fifo, maxReceiveCount }) => {
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

import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { FaultRequested } from './events.ts';

const common = {
  listensTo: [FaultRequested],
  tables: { effects: { partitionKey: 'id' } },
  timeoutSeconds: 1,
  // With fewer, all may be used before a test has seen the first: a delay may be near zero.
  retry: { maxAttempts: 5, firstDelaySeconds: 1, maxDelaySeconds: 1 },
};

/** Claims every event before it is handled. */
export const claimer = defineConsumer({
  ...common,
  name: 'claimer',
  description: 'Fails as it is asked to.',
});

/** Claims every event with its commit. */
export const committer = defineConsumer({
  ...common,
  name: 'committer',
  description: 'Fails as it is asked to.',
  effects: 'commit',
});

/** Does as it should, beside them. */
export const neighbour = defineConsumer({
  ...common,
  name: 'neighbour',
  description: 'Never fails.',
  effects: 'commit',
});

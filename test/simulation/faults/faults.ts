import { COMMIT_FAULTS } from './commit-faults.ts';
import type { Fault } from './fault.ts';
import { LATER_FAULTS } from './later-faults.ts';
import { PUBLISHING_FAULTS } from './publishing-faults.ts';
import { QUEUE_FAULTS } from './queue-faults.ts';
import { RECORD_FAULTS } from './record-faults.ts';
import { REPLAY_FAULTS } from './replay-faults.ts';

/** What could be wrong with the runtime. The simulation has to catch every one of them. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...RECORD_FAULTS,
  ...COMMIT_FAULTS,
  ...LATER_FAULTS,
  ...PUBLISHING_FAULTS,
  ...QUEUE_FAULTS,
  ...REPLAY_FAULTS,
};

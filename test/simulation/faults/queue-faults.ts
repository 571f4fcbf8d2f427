import type { Fault } from './fault.ts';

/** Faults in what becomes of messages: acknowledged, given back, given up, kept in their order and at their rate. */
export const QUEUE_FAULTS: Readonly<Record<string, Fault>> = {
  'acknowledged although failed': {
    file: 'lib/runtime/job.ts',
    find: "outcome.kind === 'failed' || ",
    replace: '',
  },
  'acknowledged although not in the dead-letter queue': {
    file: 'lib/runtime/dead-letter.ts',
    find: 'return new Map(chunk.map(({ letter }) => [letter.record.messageId,',
    replace: 'return new Map(); void (chunk.map(({ letter }) => [letter.record.messageId,',
  },
  'failed entries of the dead-letter queue ignored': {
    file: 'lib/runtime/dead-letter.ts',
    find: '.filter(({ entry }) => !sent.has(entry.Id))',
    replace: '.filter(({ entry }) => !sent.has(entry.Id) && !reasons.has(entry.Id))',
  },
  'dead letters without a deduplication id': {
    file: 'lib/runtime/dead-letter.ts',
    find: '...(fifo && { MessageDeduplicationId: record.messageId }),',
    replace: '',
  },
  'dead letters without a message group': {
    file: 'lib/runtime/dead-letter.ts',
    find: '...(MessageGroupId !== undefined && { MessageGroupId }),',
    replace: '',
  },
  'dead letters without a reason': {
    file: 'lib/runtime/dead-letter.ts',
    find: 'errorName: text(name),\n',
    replace: '',
  },
  'a backoff of a day': {
    file: 'lib/runtime/redelivery-delay.ts',
    find: 'longest: longestSeconds * MS_PER_SECOND',
    replace: 'longest: 86_400_000',
  },
  'only the first message of an event comes again in time': {
    file: 'lib/runtime/redelivery-delay.ts',
    find: 'return job.records.map(',
    replace: 'return job.records.slice(0, 1).map(',
  },
  'message groups not kept together': {
    file: 'lib/runtime/lanes.ts',
    find: 'orderedGroupOf(job.records[0]) ?? job)',
    replace: 'job)',
  },
  'a failed message group goes on': {
    file: 'lib/runtime/lanes.ts',
    find: 'blocked ||= comesAgain(job);',
    replace: '',
  },
  'the next of a group begins before a dead one is buried': {
    file: 'lib/runtime/lanes.ts',
    find: "if (job.outcome?.kind === 'dead' && index < lane.length - 1) await bury(job);",
    replace: '',
  },
  'slots that no other instance knows of': {
    file: 'lib/runtime/rate-limit-slots.ts',
    find: 'const { count, intervalMs, earliest } = booking;',
    replace: 'const { count, intervalMs, earliest } = booking; if (count > 0) return earliest;',
  },
  'slots given away twice': {
    file: 'lib/runtime/rate-limit-slots.ts',
    find: "'attribute_not_exists(nextSlotAt) OR",
    replace: "'attribute_exists(nextSlotAt) OR attribute_not_exists(nextSlotAt) OR",
  },
  'too little time to wait for a turn': {
    file: 'lib/runtime/batch-in-progress.ts',
    find: 'LATEST_TURN_SHARE = 2 / 3',
    replace: 'LATEST_TURN_SHARE = 1 / 30',
  },
};

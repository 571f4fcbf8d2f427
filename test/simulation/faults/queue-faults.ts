import type { Fault } from './fault.ts';

/** Faults in what becomes of messages: acknowledged, given back, given up, kept in their order and at their rate. */
export const QUEUE_FAULTS: Readonly<Record<string, Fault>> = {
  'acknowledged although failed': {
    file: 'lib/runtime/batch/batch-item.ts',
    find: "outcome.status === 'failed' || ",
    replace: '',
  },
  'acknowledged although not in the dead-letter queue': {
    file: 'lib/runtime/batch/dead-letter.ts',
    find: 'return new Map(chunk.map(({ deadLetter }) => [deadLetter.record.messageId,',
    replace: 'return new Map(); void (chunk.map(({ deadLetter }) => [deadLetter.record.messageId,',
  },
  'failed entries of the dead-letter queue ignored': {
    file: 'lib/aws/message-batch.ts',
    find: 'refused.set(Id, {',
    replace: 'refused.delete(Id); void ({',
  },
  'an event that is given up is tried again': {
    file: 'lib/runtime/idempotency/take-over-update.ts',
    find: "if (count === 'first') remove.push('dead');",
    replace: "remove.push('dead');",
  },
  'dead letters without a deduplication id': {
    file: 'lib/runtime/batch/dead-letter.ts',
    find: '...(fifo && { MessageDeduplicationId: record.messageId }),',
    replace: '',
  },
  'dead letters without a message group': {
    file: 'lib/runtime/batch/dead-letter.ts',
    find: '...(MessageGroupId !== undefined && { MessageGroupId }),',
    replace: '',
  },
  'dead letters without a reason': {
    file: 'lib/contracts/delivery/reason-attributes.ts',
    find: 'errorName: text(name),\n',
    replace: '',
  },
  'a backoff of a day': {
    file: 'lib/runtime/batch/redelivery-delay.ts',
    find: 'longest: longestSeconds * MS_PER_SECOND',
    replace: 'longest: 86_400_000',
  },
  'only the first message of an event comes again in time': {
    file: 'lib/runtime/batch/redelivery-delay.ts',
    find: 'return item.records.map(',
    replace: 'return item.records.slice(0, 1).map(',
  },
  'message groups not kept together': {
    file: 'lib/runtime/batch/message-groups.ts',
    find: 'orderedGroupOf(item.records[0]) ?? item)',
    replace: 'item)',
  },
  'a failed message group goes on': {
    file: 'lib/runtime/batch/message-groups.ts',
    find: 'blocked ||= comesAgain(item);',
    replace: '',
  },
  'the next of a group begins before a dead one is buried': {
    file: 'lib/runtime/batch/message-groups.ts',
    find: "if (item.outcome?.status === 'deadLettered' && index < group.length - 1) await sendDead(item);",
    replace: '',
  },
  'slots that no other instance knows of': {
    file: 'lib/runtime/rate-limit/rate-limit-slots.ts',
    find: 'const { count, intervalMs, earliest } = reservation;',
    replace: 'const { count, intervalMs, earliest } = reservation; if (count > 0) return earliest;',
  },
  'slots given away twice': {
    file: 'lib/runtime/rate-limit/rate-limit-slots.ts',
    find: "'attribute_not_exists(nextSlotAt) OR",
    replace: "'attribute_exists(nextSlotAt) OR attribute_not_exists(nextSlotAt) OR",
  },
  'too little time to wait for a slot': {
    file: 'lib/runtime/batch/batch-in-progress.ts',
    find: 'LATEST_START_SHARE = 2 / 3',
    replace: 'LATEST_START_SHARE = 1 / 30',
  },
};

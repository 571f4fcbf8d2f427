/** A deliberate fault: one place of the runtime's source, and what it is replaced with while the source is loaded. */
export interface Fault {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** What could be wrong with the runtime. The simulation has to catch every one of them. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'no fence in the commit': {
    file: 'lib/runtime/idempotency/commit.ts',
    find: "ConditionExpression: '#owner = :owner AND #status = :inProgress'",
    replace: "ConditionExpression: '#owner = :owner OR attribute_exists(id) OR #status = :inProgress'",
  },
  'no claim in the commit': {
    file: 'lib/runtime/idempotency/commit.ts',
    find: "'attribute_not_exists(id) OR #status",
    replace: "'attribute_exists(id) OR attribute_not_exists(id) OR #status",
  },
  'no fence in the settlement of a failure': {
    file: 'lib/runtime/idempotency/settle-failed.ts',
    find: "'#owner = :owner AND #status = :inProgress'",
    replace: "'attribute_exists(id) OR #owner = :owner AND #status = :inProgress'",
  },
  'settled before the effect': {
    file: 'lib/runtime/idempotency/claim.ts',
    find: "status: { S: 'IN_PROGRESS' },\n    owner",
    replace: "status: { S: 'COMPLETED' },\n    owner",
  },
  'lease not checked': {
    file: 'lib/runtime/idempotency/claim.ts',
    find: '(leaseUntil < :now OR #owner = :owner)',
    replace: '(leaseUntil < :now OR #owner = :owner OR attribute_exists(id))',
  },
  'whatever is finished is taken over': {
    file: 'lib/runtime/idempotency/claim.ts',
    find: "'#status = :failed OR (",
    replace: "'attribute_exists(id) OR #status = :failed OR (",
  },
  'claim ignored on error': {
    file: 'lib/runtime/batch.ts',
    find: "if (claim?.status === 'unavailable')",
    replace: "if (claim?.status === 'completed' && claim?.status !== 'completed')",
  },
  'handling begun after the deadline': {
    file: 'lib/runtime/handle.ts',
    find: 'if (run.deadline.passed())',
    replace: 'if (run.deadline.endsAt < 0)',
  },
  'outbox published before the commit': {
    file: 'lib/runtime/context.ts',
    find: '      await commit(ports, tenancy, {',
    replace:
      '      await ports.publisher?.publish(outbox.map((event) => JSON.parse(event)));\n      await commit(ports, tenancy, {',
  },
  'outbox not stored': {
    file: 'lib/runtime/idempotency/commit.ts',
    find: "outbox.length > 0 ? { S: 'COMMITTED' } :",
    replace: "outbox.length > 999 ? { S: 'COMMITTED' } :",
  },
  'outbox of another invocation not published': {
    file: 'lib/runtime/batch.ts',
    find: "if (claim?.status === 'committed') job.outcome = { kind: 'unpublished', outbox: claim.outbox };",
    replace: "if (claim?.status === 'committed') job.outcome = { kind: 'duplicate' };",
  },
  'acknowledged although not published': {
    file: 'lib/runtime/settle-batch.ts',
    find: 'unpublished.has(job) ||',
    replace: '',
  },
  'acknowledged although failed': {
    file: 'lib/runtime/settle-batch.ts',
    find: "outcome?.kind !== 'failed' && outcome?.kind !== 'busy'",
    replace: "outcome?.kind !== 'busy'",
  },
  'acknowledged although not in the dead-letter queue': {
    file: 'lib/runtime/dead-letter.ts',
    find: 'for (const { record } of chunk) failed.add(record.messageId);',
    replace: '',
  },
  'ids not deterministic': {
    file: 'lib/runtime/emitted-event.ts',
    find: 'String(position))',
    replace: 'String(position + now))',
  },
  'message groups not kept together': {
    file: 'lib/runtime/lanes.ts',
    find: 'groupOf(job) ?? job.facts.id',
    replace: 'job.facts.id',
  },
  'a failed message group goes on': {
    file: 'lib/runtime/lanes.ts',
    find: 'blocked && group ?',
    replace: 'blocked && !group && group ?',
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
  'a lost slot used all the same': {
    file: 'lib/runtime/rate-limit.ts',
    find: 'if (lateMs <= SLOT_TOLERANCE_MS) return;',
    replace: 'if (lateMs <= SLOT_TOLERANCE_MS || lateMs > 0) return;',
  },
  'waiting for a turn costs attempts': {
    file: 'lib/runtime/batch.ts',
    find: 'LATEST_TURN_SHARE = 2 / 3',
    replace: 'LATEST_TURN_SHARE = 1 / 30',
  },
};

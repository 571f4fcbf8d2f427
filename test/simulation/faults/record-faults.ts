import type { Fault } from './fault.ts';

/** Faults in how events are claimed, counted and settled. */
export const RECORD_FAULTS: Readonly<Record<string, Fault>> = {
  'settled before the effect': {
    file: 'lib/runtime/idempotency/claim.ts',
    find: "status: { S: 'IN_PROGRESS' },\n    owner",
    replace: "status: { S: 'COMPLETED' },\n    owner",
  },
  'lease not checked': {
    file: 'lib/runtime/idempotency/take-over-update.ts',
    find: "'#status = :inProgress AND leaseUntil < :now'",
    replace: "'#status = :inProgress'",
  },
  'lease of another not heeded': {
    file: 'lib/runtime/idempotency/take-over-update.ts',
    find: "'#status = :inProgress AND leaseUntil < :now'",
    replace: "'#status = :inProgress'",
    also: {
      file: 'lib/runtime/idempotency/take-over.ts',
      find: 'owner !== context.owner && leaseUntil < context.now()',
      replace: 'owner !== context.owner',
    },
  },
  'whatever is finished is taken over': {
    file: 'lib/runtime/idempotency/take-over-update.ts',
    find: "expression: '#status = :failed AND expiresAt >= :nowSeconds'",
    replace: "expression: 'attribute_exists(id) AND expiresAt >= :nowSeconds'",
  },
  'claim ignored on error': {
    file: 'lib/runtime/batch/claim-items.ts',
    find: "item.outcome = { status: 'released', error: claim.error };",
    replace: '',
  },
  'no time left after the handlers': {
    file: 'lib/runtime/deadline.ts',
    find: 'const MARGIN_SHARE = 0.2;',
    replace: 'const MARGIN_SHARE = 0;',
  },
  'attempts not counted': {
    file: 'lib/runtime/idempotency/take-over.ts',
    find: "count === 'next' ? attempts + 1 : attempts",
    replace: "count === 'next' ? 1 : attempts",
  },
  'waiting costs an attempt': {
    file: 'lib/runtime/idempotency/settle-update.ts',
    find: "rest: ' ADD attempts :minusOne',",
    replace: "rest: '',",
  },
  'a suspect is buried whether or not it was alone': {
    file: 'lib/runtime/batch/claim-items.ts',
    find: 'const exhausted = alone && attempts >= claiming.maxAttempts && !fresh && isCulprit && !dead;',
    replace: 'const exhausted = !fresh;',
  },
  'a suspect that is given back is no suspect any more': {
    file: 'lib/runtime/idempotency/settle-update.ts',
    find: 'settlement.suspect ? putBack(settlement.suspect) : RELEASE',
    replace: 'RELEASE',
  },
  'suspects not apart from the others': {
    file: 'lib/runtime/batch/suspects.ts',
    find: 'group.findIndex(({ suspect }) => suspect)',
    replace: 'group.findIndex(({ suspect }) => suspect && !suspect)',
  },
  'records that live for hours': {
    file: 'lib/runtime/batch/batch-in-progress.ts',
    find: 'definition.idempotencyDays * MS_PER_DAY',
    replace: 'definition.idempotencyDays * 3_600_000',
  },
  'a take-over does not renew the time of its record': {
    file: 'lib/runtime/idempotency/take-over-update.ts',
    find: "    'expiresAt = :expiresAt',\n",
    replace: '',
  },
  'settled without owner and status': {
    file: 'lib/runtime/idempotency/settle.ts',
    find: `where: \`AND "owner"=? AND "status"='IN_PROGRESS'\`,\n    parameters: [{ S: leaseContext.owner }],`,
    replace: "where: '',",
  },
  'no fence in the settlement of a failure': {
    file: 'lib/runtime/idempotency/settle-update.ts',
    find: "const OURS = '#owner = :owner AND #status = :inProgress';",
    replace: "const OURS = 'attribute_exists(id)';",
  },
  'a settlement is tried once': {
    file: 'lib/runtime/idempotency/settle-one.ts',
    find: 'if (givesUp || leaseContext.now()',
    replace: 'if (true || givesUp || leaseContext.now()',
  },
  'acknowledged though not settled': {
    file: 'lib/runtime/batch/settle-items.ts',
    find: "if (outcome.status === 'completed') return !outcome.committed;",
    replace: "if (outcome.status === 'completed') return false;",
  },
  'a failure of what is done counts': {
    file: 'lib/runtime/batch/settle-items.ts',
    find: "if (outcome.status === 'failed' || outcome.status === 'deadLettered')\n        item.outcome = finishedElsewhere(item, verdict);",
    replace: '',
  },
};

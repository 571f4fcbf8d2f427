import type { Fault } from './fault.ts';

/** Faults in how events are claimed, counted and settled. */
export const RECORD_FAULTS: Readonly<Record<string, Fault>> = {
  'settled before the effect': {
    file: 'lib/runtime/idempotency/claim.ts',
    find: "status: { S: 'IN_PROGRESS' },\n    owner",
    replace: "status: { S: 'COMPLETED' },\n    owner",
  },
  'lease not checked': {
    file: 'lib/runtime/idempotency/take-over.ts',
    find: "'#status = :inProgress AND leaseUntil < :now'",
    replace: "'#status = :inProgress'",
  },
  'lease of another not heeded': {
    file: 'lib/runtime/idempotency/take-over.ts',
    find: "'#status = :inProgress AND leaseUntil < :now'",
    replace: "'#status = :inProgress'",
    also: {
      find: 'owner !== tenancy.owner && leaseUntil < tenancy.now()',
      replace: 'owner !== tenancy.owner',
    },
  },
  'whatever is finished is taken over': {
    file: 'lib/runtime/idempotency/take-over.ts',
    find: "expression: '#status = :failed AND expiresAt >= :nowSeconds'",
    replace: "expression: 'attribute_exists(id) AND expiresAt >= :nowSeconds'",
  },
  'claim ignored on error': {
    file: 'lib/runtime/claim-jobs.ts',
    find: "job.outcome = { kind: 'waiting', error: claim.error };",
    replace: '',
  },
  'handling begun after the deadline': {
    file: 'lib/runtime/handle.ts',
    find: 'if (deadline.passed()) throw new NotBegun();',
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
    file: 'lib/runtime/idempotency/settle-one.ts',
    find: "rest: ' ADD attempts :minusOne',",
    replace: "rest: '',",
  },
  'a suspect is buried whether or not it was alone': {
    file: 'lib/runtime/claim-jobs.ts',
    find: 'const exhausted = alone && attempts >= claiming.maxAttempts && !fresh;',
    replace: 'const exhausted = !fresh;',
  },
  'suspects not apart from the others': {
    file: 'lib/runtime/suspects.ts',
    find: 'lane.findIndex(({ suspect }) => suspect)',
    replace: 'lane.findIndex(({ suspect }) => suspect && !suspect)',
  },
  'records that live for hours': {
    file: 'lib/runtime/batch-in-progress.ts',
    find: 'definition.idempotencyDays * MS_PER_DAY',
    replace: 'definition.idempotencyDays * 3_600_000',
  },
  'a take-over does not renew the time of its record': {
    file: 'lib/runtime/idempotency/take-over.ts',
    find: "    'expiresAt = :expiresAt',\n",
    replace: '',
  },
  'settled without owner and status': {
    file: 'lib/runtime/idempotency/settle.ts',
    find: `where: \`AND "owner"=? AND "status"='IN_PROGRESS'\`,\n    parameters: [{ S: tenancy.owner }],`,
    replace: "where: '',",
  },
  'no fence in the settlement of a failure': {
    file: 'lib/runtime/idempotency/settle-one.ts',
    find: "const OURS = '#owner = :owner AND #status = :inProgress';",
    replace: "const OURS = 'attribute_exists(id)';",
  },
  'a settlement is tried once': {
    file: 'lib/runtime/idempotency/settle-one.ts',
    find: 'if (givesUp || tenancy.now()',
    replace: 'if (true || givesUp || tenancy.now()',
  },
  'acknowledged though not settled': {
    file: 'lib/runtime/settle-jobs.ts',
    find: "if (outcome.kind === 'done') return !outcome.committed;",
    replace: "if (outcome.kind === 'done') return false;",
  },
  'a failure of what is done counts': {
    file: 'lib/runtime/settle-jobs.ts',
    find: "if (outcome.kind === 'failed' || outcome.kind === 'dead') job.outcome = finishedElsewhere(job, verdict);",
    replace: '',
  },
};

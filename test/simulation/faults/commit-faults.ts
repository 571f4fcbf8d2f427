import type { Fault } from './fault.ts';

/** Faults in `ctx.commit` and in what becomes of a handler that commits. */
export const COMMIT_FAULTS: Readonly<Record<string, Fault>> = {
  'no fence in the commit': {
    file: 'lib/runtime/idempotency/commit-record.ts',
    find: "ConditionExpression: '#owner = :owner AND #status = :inProgress'",
    replace: "ConditionExpression: 'attribute_exists(id)'",
    firstSeed: 1_001,
  },
  'no claim in the commit': {
    file: 'lib/runtime/idempotency/commit-record.ts',
    find: "'attribute_not_exists(id) OR (#status",
    replace: "'attribute_exists(id) OR attribute_not_exists(id) OR (#status",
  },
  'an expired record is live in a commit': {
    file: 'lib/runtime/idempotency/commit-record.ts',
    find: 'AND leaseUntil < :now) OR expiresAt < :nowSeconds',
    replace: 'AND leaseUntil < :now)',
  },
  'outbox not stored': {
    file: 'lib/runtime/idempotency/commit-record.ts',
    find: "':status': emits ? { S: 'COMMITTED' } : completedAttribute(now(), []),",
    replace: "':status': completedAttribute(now(), []),",
  },
  'a conflict of transactions is final': {
    file: 'lib/aws/transient.ts',
    find: "  'TransactionConflict',\n",
    replace: '',
  },
  'throttling is final': {
    file: 'lib/aws/transient.ts',
    find: 'const THROTTLING = /throttl/i;',
    replace: 'const THROTTLING = /never/;',
  },
  'a mixed cancellation is final': {
    file: 'lib/runtime/idempotency/commit.ts',
    find: 'codes.some(isTransientCode) &&',
    replace: 'codes.length < 0 &&',
  },
  'a second commit is possible': {
    file: 'lib/runtime/handling/context.ts',
    find: "if (this.#state === 'committing') {",
    replace: "if (this.#state === 'closed') {",
  },
  'a pending commit is not awaited': {
    file: 'lib/runtime/handling/handle.ts',
    find: 'if (context.pending) await run.deadline.race(context.pending);',
    replace: '',
  },
  'a swallowed error of a commit counts as done': {
    file: 'lib/runtime/handling/context.ts',
    find: 'this.#interruption = toError(error);',
    replace: '',
  },
  'a rejected commit keeps what was emitted': {
    file: 'lib/runtime/handling/context.ts',
    find: '      this.#emitted = new EmittedEvents();\n',
    replace: '',
  },
  'a commit after the deadline': {
    file: 'lib/runtime/handling/context.ts',
    find: 'if (this.isOver) {',
    replace: 'if (this.isOver && false) {',
    also: {
      file: 'lib/runtime/handling/context.ts',
      find: "if (this.#state !== 'committed') this.#state = 'closed';",
      replace: '',
    },
  },
};

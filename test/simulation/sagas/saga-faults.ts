import type { Fault } from '../faults/fault.ts';

/** Faults in sagas, each of which the simulation has to find. */
export const SAGA_FAULTS: Readonly<Record<string, Fault>> = {
  'a move does not ask whether the saga has changed': {
    file: 'lib/runtime/saga/saga-table.ts',
    find: "ConditionExpression: '#version = :version'",
    replace: "ConditionExpression: 'attribute_exists(id) OR #version = :version'",
  },
  'a saga begins again over one that is there': {
    file: 'lib/runtime/saga/saga-table.ts',
    find: "ConditionExpression: 'attribute_not_exists(id)'",
    replace: "ConditionExpression: 'attribute_exists(id) OR attribute_not_exists(id)'",
  },
  'the version stays': {
    file: 'lib/runtime/saga/next-item.ts',
    find: 'version: (version ?? 0) + 1',
    replace: 'version: version ?? 1',
  },
  'an early event is done': {
    file: 'lib/runtime/saga/move-saga.ts',
    find: "if (decision.kind === 'ignore') {",
    replace: "if (decision.kind !== 'move') {",
    also: {
      file: 'lib/runtime/saga/move-saga.ts',
      find: "if (decision.kind === 'wait') throw",
      replace: 'if (false) throw',
    },
  },
  'a time-out that no longer counts is decided on': {
    file: 'lib/runtime/saga/decide.ts',
    find: 'if (isTimeout && !(saga?.timeouts[type]?.id === event.id && event.source === question.source))',
    replace: 'if (isTimeout && !saga)',
  },
  'a time-out that was set is forgotten': {
    file: 'lib/runtime/saga/next-item.ts',
    find: 'timeouts: { ...move.kept, ...timeouts }',
    replace: 'timeouts: move.kept',
  },
  'a time-out stays when the saga leaves its step': {
    file: 'lib/runtime/saga/decide.ts',
    find: 'counts.has(one) && !replaced.has(one)',
    replace: '!replaced.has(one)',
  },
  'what undoes a move is not emitted': {
    file: 'lib/runtime/saga/saga-draft.ts',
    find: 'for (const undo of this.undoes.toReversed())',
    replace: 'for (const undo of this.undoes.slice(this.undoes.length))',
  },
  'what undoes a move is not stored': {
    file: 'lib/runtime/saga/next-item.ts',
    find: 'undo: move.undo',
    replace: 'undo: before?.undo ?? []',
  },
  'emitted events are not sent': {
    file: 'lib/runtime/saga/move-saga.ts',
    find: 'for (const { contract, data, options } of emitted) context.emit(contract, data, options);',
    replace:
      'for (const { contract, data, options } of emitted.slice(1)) context.emit(contract, data, options);',
  },
};

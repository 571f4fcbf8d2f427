import type { Fault } from './fault.ts';

/** Faults in what replayed messages mean. */
export const REPLAY_FAULTS: Readonly<Record<string, Fault>> = {
  'what is replayed again has the record of its event': {
    file: 'lib/runtime/idempotency/facts.ts',
    find: 'id: recordKey(event, replay)',
    replace: 'id: recordKey(event, undefined)',
  },
  'what is replayed again emits under the ids of its event': {
    file: 'lib/runtime/handling/emitted-event.ts',
    find: 'recordKey(parent, replay)',
    replace: 'recordKey(parent, undefined)',
  },
  'all replays are one': {
    file: 'lib/contracts/delivery/replay.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a part of the source
    find: '`${event.source} ${replay.id}|',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a part of the source
    replace: '`${event.source} again|',
  },
  'a fill repeats effects': {
    file: 'lib/contracts/delivery/replay.ts',
    find: "return replay?.mode === 'again' ?",
    replace: 'return replay ?',
  },
  'dead letters without their replay': {
    file: 'lib/runtime/batch/dead-letter.ts',
    find: '...replayMarks(record),',
    replace: '',
  },
  'dead letters without the mode of their replay': {
    file: 'lib/runtime/batch/dead-letter.ts',
    find: '[REPLAY_ATTRIBUTE, REPLAY_MODE_ATTRIBUTE].flatMap(',
    replace: '[REPLAY_ATTRIBUTE].flatMap(',
  },
  'a refusal to repeat effects not heeded': {
    file: 'lib/runtime/event/read-replay.ts',
    find: "if (definition.replay === 'refuse')",
    replace: "if (definition.name === '')",
  },
  'a fill refused as if it repeated effects': {
    file: 'lib/runtime/event/read-replay.ts',
    find: "if (replay?.mode !== 'again') return replay;",
    replace: 'if (!replay) return replay;',
  },
  'wrong attributes of a replay ignored': {
    file: 'lib/runtime/event/read-replay.ts',
    find: 'const { message } = toError(cause);',
    replace: 'const { message } = toError(cause); if (message) return undefined;',
  },
  'an event and its repetition in one batch taken for one': {
    file: 'lib/runtime/batch/read-records.ts',
    find: 'const same = items.get(facts.id);',
    replace:
      'const same = items.get(facts.id) ?? [...items.values()].find(({ event }) => event.id === read.event.id); if (same) Object.assign(facts, { id: same.facts.id });',
  },
  'a handler not told of the replay': {
    file: 'lib/runtime/handling/context.ts',
    find: 'this.replay = props.item.replay;',
    replace: 'this.replay = undefined;',
  },
  'a handler told of a replay although the event came by itself too': {
    file: 'lib/runtime/batch/read-records.ts',
    find: 'replay: replay && same.replay,',
    replace: 'replay: replay ?? same.replay,',
  },
};

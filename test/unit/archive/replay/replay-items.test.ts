import { expect, it } from 'vitest';
import { newState } from '../../../../lib/archive/replay/create-replay.ts';
import { readState, stateItem } from '../../../../lib/archive/replay/replay-items.ts';
import type { ReplayRequest } from '../../../../lib/archive/replay/replay-state.ts';

const request: ReplayRequest = {
  ...{ consumer: 'email', queueUrl: 'http://localhost/1/email', filterPolicyScope: 'MessageAttributes' },
  ...{ from: 0, to: 1, types: [], sources: [], mode: 'fill', knowsSince: 0, rate: 1 },
};

it.each([
  ['half an emoji', JSON.parse('{"data":{"name":["\\ud83c"]}}')],
  ['a key __proto__', JSON.parse('{"data":{"__proto__":["a"]}}')],
  ['keys that V8 confuses', { 'a\\b': ['1'], c: { 'a\nb': ['2'] } }],
])('a replay that was started with %s in its conditions can be read', (_, where) => {
  const state = newState({ ...request, where }, { id: 'r', createdBy: 'bob', now: 1 });
  expect(JSON.stringify(readState(stateItem(state)).where)).toBe(JSON.stringify(where));
});

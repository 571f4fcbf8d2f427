import { expect, it } from 'vitest';
import { readProbeAnswer } from '../../../lib/intake/controller/read-probe-answer.ts';

const answer = (value: unknown) => () => readProbeAnswer(JSON.stringify(value), 'mine');

it('says what the probe has shown, and whether its message stays in the queue', () => {
  const [mine, other] = ['mine', 'other'].map((itemIdentifier) => ({ itemIdentifier }));
  expect(answer({ probe: 'failed', batchItemFailures: [mine] })()).toEqual({ answer: 'failed', keeps: true });
  expect(answer({ probe: 'passed', batchItemFailures: [other, null] })()).toEqual({
    answer: 'passed',
    keeps: false,
  });
});

it.each([
  [{ batchItemFailures: [], salary: 4_711 }, 'an object with the keys batchItemFailures, salary'],
  [{ probe: 'secret', batchItemFailures: [] }, 'an object with the keys probe, batchItemFailures'],
  [{ probe: 'passed' }, 'an object with the keys probe'],
  [{}, 'an object with the keys (none)'],
  ['the salary of Anna', 'a string'],
  [[4_711], 'a list'],
  [null, 'null'],
  [4_711, 'a number'],
])('says of another answer only of what kind it is: %j', (value, kind) => {
  expect(answer(value)).toThrow(`the consumer has answered ${kind}, which is not an answer to a probe`);
});

it('quotes nothing of an answer that is no JSON', () => {
  let error: unknown;
  try {
    readProbeAnswer('Anna earns 4711', 'mine');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toEqual(
    new TypeError(
      'the consumer has answered 15 characters that are no JSON, which is not an answer to a probe',
    ),
  );
  expect(error).not.toHaveProperty('cause');
});

it('shows keys up to a length, and no half of a character', () => {
  const long = { ['\u{1F600}'.repeat(300)]: 1 };
  expect(answer(long)).toThrow(`with the keys ${'\u{1F600}'.repeat(200)}, which`);
});

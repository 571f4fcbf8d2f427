import { found, NONE, type Outcome, unclear } from '../outcome.ts';
import type { TextRange } from '../slice.ts';
import { textLength } from './text-length.ts';

/** Maximum length of a text that is made as an example. */
const LONGEST = 100_000;

const PLAIN = ['', 'a', 'A', '0', '-1', ' ', '-', 'é', '😀', 'text', 'https://example.com/', '2026-01-31'];

/** Finds a text that is in a range and in none of `others`. */
export function findText(range: TextRange, others: readonly TextRange[]): Outcome {
  if (isCovered(range, others)) return NONE;
  const passes = (text: string): boolean =>
    isIn(range, text) === true && others.every((other) => isIn(other, text) === false);
  for (const text of candidates(range, others)) if (passes(text)) return found(text);
  const tests = [range, ...others].flatMap((one) => one.tests.map(({ key }) => key));
  return unclear(
    tests.length > 0
      ? `which texts ${[...new Set(tests)].join(' and ')} accept`
      : `a text of ${range.min} characters`,
  );
}

/** Whether other ranges cover this range, judged by lengths only. It uses only ranges whose tests this range has too. */
function isCovered(range: TextRange, others: readonly TextRange[]): boolean {
  const own = new Set(range.tests.map(({ key }) => key));
  const spans = others
    .filter(({ tests }) => tests.every(({ key }) => own.has(key)))
    .toSorted((a, b) => a.min - b.min);
  let next = range.min;
  for (const { min, max } of spans) if (min <= next) next = Math.max(next, max + 1);
  return next > range.max || next === Number.POSITIVE_INFINITY;
}

function isIn({ min, max, tests }: TextRange, text: string): boolean | undefined {
  const length = textLength(text);
  if (length < min || length > max) return false;
  const answers = tests.map(({ passes }) => passes(text));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function* candidates(range: TextRange, others: readonly TextRange[]): Iterable<string> {
  const written = range.tests.flatMap(({ samples }) => samples());
  // A pattern without the flag `u` counts an emoji as two characters.
  const own = [...written, ...written.map((text) => text.replaceAll(/(\w)\1/g, '😀'))];
  yield* range.tests.length > 0 ? own : PLAIN;
  const all = [range, ...others];
  const lengths = [...new Set(all.flatMap(({ min, max }) => [min, max, min - 1, max + 1]))].filter(
    (length) => length >= range.min && length <= Math.min(range.max, LONGEST),
  );
  for (const length of lengths.toSorted((a, b) => a - b)) {
    for (const filler of ['a', '0', 'A', '-', '😀']) yield filler.repeat(length);
    // Most patterns repeat something, so samples are made longer by repeating a character in the middle or at the ends.
    for (const text of own) yield* grownTo(text, length);
  }
  yield* PLAIN;
  yield* others.flatMap(({ tests }) => tests.flatMap(({ samples }) => samples()));
  for (const text of own)
    yield* [`${text} `, ` ${text}`, `${text}!`, `x${text}`, `${text}${text}`, `${text}\n`];
}

function* grownTo(text: string, length: number): Iterable<string> {
  const characters = [...text];
  const missing = length - characters.length;
  if (missing <= 0 || text === '') return;
  for (const at of new Set([0, 1, Math.floor(characters.length / 2), characters.length - 1])) {
    const filler = characters[at] ?? 'a';
    yield [...characters.slice(0, at), filler.repeat(missing), ...characters.slice(at)].join('');
  }
  yield text + 'a'.repeat(missing);
}

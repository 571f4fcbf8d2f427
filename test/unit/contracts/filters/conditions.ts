import fc from 'fast-check';
import {
  absent,
  absentOrNull,
  atLeast,
  atMost,
  between,
  type Condition,
  endsWith,
  greaterThan,
  ignoringCase,
  lessThan,
  noneOf,
  oneOf,
  present,
  startsWith,
} from '../../../../lib/contracts/where.ts';
import { NUMBERS, type ValuePath, WORDS } from './contracts.ts';

/** A condition, and what it says in TypeScript of a value that a handler gets. */
export interface Meaning {
  readonly condition: Condition;
  readonly says: (value: unknown) => boolean;
  readonly text: string;
}

const word = fc.constantFrom(...WORDS);
const fullWord = fc.constantFrom(...WORDS.filter((one) => one !== ''));
const number = fc.constantFrom(...NUMBERS);
const scalar = fc.oneof(word, number, fc.boolean(), fc.constant(null));

const isNumber = (value: unknown, holds: (number: number) => boolean): boolean =>
  typeof value === 'number' && holds(value);
const isText = (value: unknown, holds: (text: string) => boolean): boolean =>
  typeof value === 'string' && holds(value);

const meaning = (text: string, condition: Condition, says: Meaning['says']): Meaning => ({
  text,
  condition,
  says,
});

/** Conditions on values of any kind. */
const onAny: fc.Arbitrary<Meaning> = fc.oneof(
  fc
    .tuple(scalar, scalar)
    .map(([a, b]) =>
      meaning(
        `oneOf(${JSON.stringify(a)}, ${JSON.stringify(b)})`,
        oneOf(a, b),
        (value) => value === a || value === b,
      ),
    ),
  fc
    .oneof(fc.tuple(word, word), fc.tuple(number, number))
    .map(([a, b]) =>
      meaning(
        `noneOf(${JSON.stringify(a)}, ${JSON.stringify(b)})`,
        noneOf<string | number>(a, b),
        (value) => value !== undefined && value !== a && value !== b,
      ),
    ),
  fc.constant(meaning('present()', present(), (value) => value !== undefined)),
  fc.constant(meaning('absent()', absent(), (value) => value === undefined)),
  fc.constant(meaning('absentOrNull()', absentOrNull(), (value) => value === undefined || value === null)),
);

const onTexts: fc.Arbitrary<Meaning> = fc.oneof(
  fullWord.map((a) =>
    meaning(`startsWith('${a}')`, startsWith(a), (value) => isText(value, (text) => text.startsWith(a))),
  ),
  fullWord.map((a) =>
    meaning(`endsWith('${a}')`, endsWith(a), (value) => isText(value, (text) => text.endsWith(a))),
  ),
  word.map((a) =>
    meaning(`ignoringCase('${a}')`, ignoringCase(a), (value) =>
      isText(value, (text) => text.toLowerCase() === a.toLowerCase()),
    ),
  ),
);

const onNumbers: fc.Arbitrary<Meaning> = fc.oneof(
  number.map((a) =>
    meaning(`greaterThan(${a})`, greaterThan(a), (value) => isNumber(value, (one) => one > a)),
  ),
  number.map((a) => meaning(`atLeast(${a})`, atLeast(a), (value) => isNumber(value, (one) => one >= a))),
  number.map((a) => meaning(`lessThan(${a})`, lessThan(a), (value) => isNumber(value, (one) => one < a))),
  number.map((a) => meaning(`atMost(${a})`, atMost(a), (value) => isNumber(value, (one) => one <= a))),
  fc
    .tuple(number, number)
    .map(([a, b]) =>
      meaning(`between(${a}, ${b})`, between(a, b), (value) =>
        isNumber(value, (one) => one >= a && one <= b),
      ),
    ),
);

/** Every kind of condition, with few operands; those most often that suit what they are for. */
export const meaningsOf: Readonly<Record<ValuePath['mostly'], fc.Arbitrary<Meaning>>> = {
  texts: fc.oneof({ weight: 5, arbitrary: onAny }, { weight: 4, arbitrary: onTexts }, onNumbers),
  numbers: fc.oneof({ weight: 5, arbitrary: onAny }, { weight: 4, arbitrary: onNumbers }, onTexts),
  others: fc.oneof({ weight: 9, arbitrary: onAny }, onTexts),
};

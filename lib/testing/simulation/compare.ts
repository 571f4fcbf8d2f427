import type { Fact } from './observe.ts';
import { commonPattern, describe, isObject, type Json, matches, precision } from './pattern.ts';

/** What has to be there when every event has its effect once: its key and value are patterns. */
export type Expected = Fact;

/** One difference to a world in which every event had its effect once. */
export interface Difference {
  readonly kind: string;
  readonly problem: 'twice' | 'never' | 'different';
  readonly text: string;
}

/**
 * What two runs without faults of the same events have in common: the pattern of a world without a fault.
 *
 * @throws Error when they differ in more than times and random values: then nothing can be said of the handlers
 */
export function expectedOf(a: readonly Fact[], b: readonly Fact[]): readonly Expected[] {
  const kinds = (facts: readonly Fact[]): string => facts.map(({ kind }) => kind).join();
  if (kinds(a) !== kinds(b))
    throw new Error(
      'the handlers do other things with the same events when only the time and random values are others; simulate() cannot know which result is right',
    );
  return a.map((fact, index) => {
    const other = b[index] ?? fact;
    return {
      ...fact,
      key: commonPattern(fact.key, other.key),
      value: commonPattern(fact.value, other.value),
    };
  });
}

/** The differences between what should be there and what is; none when every event has had its effect once. */
export function differences(expected: readonly Expected[], facts: readonly Fact[]): readonly Difference[] {
  const missing = expected.toSorted((a, b) => precision(b.value) - precision(a.value));
  const extra: Fact[] = [];
  const found: { readonly pattern: Expected; readonly fact: Fact }[] = [];
  for (const fact of facts) {
    const index = missing.findIndex((one) => isSame(one, fact));
    const [pattern] = index < 0 ? [] : missing.splice(index, 1);
    if (pattern) found.push({ pattern, fact });
    else if (!found.some((one) => isRepetition(fact, one))) extra.push(fact);
  }
  const changed = extra.flatMap((fact) => {
    const index = missing.findIndex(
      ({ kind, key }) => kind === fact.kind && fact.key !== null && matches(key, fact.key),
    );
    const [pattern] = index < 0 ? [] : missing.splice(index, 1);
    return pattern ? [{ fact, pattern }] : [];
  });
  const surplus = extra.filter((fact) => !changed.some((one) => one.fact === fact));
  return [
    ...changed.map(({ fact, pattern }) => differs(fact, pattern)),
    ...surplus.map((fact) =>
      tooMuch(
        fact,
        found.map((one) => one.fact),
      ),
    ),
    ...missing.map(
      ({ kind, key, value }): Difference => ({
        kind,
        problem: 'never',
        text: `${nameOf(kind, key)} is missing: ${describe(value)}`,
      }),
    ),
  ];
}

function isSame(expected: Expected, fact: Fact): boolean {
  return (
    expected.kind === fact.kind && matches(expected.key, fact.key) && matches(expected.value, fact.value)
  );
}

function differs({ kind, key, value }: Fact, pattern: Expected): Difference {
  return {
    kind,
    problem: 'different',
    text: `${nameOf(kind, key)}: ${differingFields(value, pattern.value)}`,
  };
}

function differingFields(value: Json, pattern: Json): string {
  if (!isObject(value) || !isObject(pattern)) return `${describe(value)} instead of ${describe(pattern)}`;
  const names = [...new Set([...Object.keys(value), ...Object.keys(pattern)])];
  return names
    .filter(
      (name) => !(name in value && name in pattern && matches(pattern[name] ?? null, value[name] ?? null)),
    )
    .map(
      (name) => `${name} is ${describe(value[name] ?? null)} instead of ${describe(pattern[name] ?? null)}`,
    )
    .join(', ');
}

function isRepetition(fact: Fact, earlier: { readonly pattern: Expected; readonly fact: Fact }): boolean {
  if (fact.repeats === 'alike') return isSame(earlier.pattern, fact);
  return fact.repeats === 'same' && isSame(earlier.fact, fact);
}

function tooMuch({ kind, key, value }: Fact, found: readonly Fact[]): Difference {
  const first = found.find((one) => one.kind === kind && key !== null && matches(one.key, key));
  const says = first
    ? `says something else the second time: ${describe(value)} after ${describe(first.value)}`
    : '';
  return {
    kind,
    problem: 'twice',
    text: `${nameOf(kind, key)} ${says || `is there once more than it should be: ${describe(value)}`}`,
  };
}

function nameOf(kind: string, key: Json): string {
  return key === null ? kind : `${kind} ${describe(key)}`;
}

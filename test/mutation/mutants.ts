import { readFileSync } from 'node:fs';
import { changesOf } from './operators.ts';
import { isReadable, parse, walk } from './syntax.ts';

/** A small fault: one range of a source file, and what it is replaced with. */
export interface Mutant {
  /** Path from the root of the project. */
  readonly file: string;
  /** Its place among the mutants of its file, from 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
  /** Which one it is, from 1, of those of its file with the same original and the same replacement. */
  readonly occurrence: number;
}

/** What a mutant is known by as long as nobody changes its place in the source. */
export function keyOf({ file, original, replacement, occurrence }: MutantKey): string {
  return JSON.stringify([file, flat(original), flat(replacement), occurrence]);
}

export type MutantKey = Pick<Mutant, 'file' | 'original' | 'replacement' | 'occurrence'>;

/** On one line. */
export function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The source of a file with the mutant in it. */
export function mutate(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** All mutants of a file, in the order of the source. Those that cannot be loaded are left out. */
export function mutantsOfFile(file: string): Mutant[] {
  return mutantsOf(file, readFileSync(file, 'utf8'));
}

export function mutantsOf(file: string, source: string): Mutant[] {
  const seen = new Set<string>();
  const occurrences = new Map<string, number>();
  const found: Omit<Mutant, 'number' | 'occurrence'>[] = [];
  walk(parse(source), (node, ancestors) => {
    for (const { start, end, replacement } of changesOf(node, ancestors, source)) {
      const original = source.slice(start, end);
      const place = `${start} ${end} ${replacement}`;
      if (original === replacement || seen.has(place)) continue;
      seen.add(place);
      const line = source.slice(0, start).split('\n').length;
      found.push({ file, start, end, line, original, replacement });
    }
  });
  return found
    .filter((one) => isReadable(source.slice(0, one.start) + one.replacement + source.slice(one.end)))
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((one, index) => {
      const same = JSON.stringify([flat(one.original), flat(one.replacement)]);
      const occurrence = (occurrences.get(same) ?? 0) + 1;
      occurrences.set(same, occurrence);
      return { ...one, number: index + 1, occurrence };
    });
}

import { canonicalText } from '../containment/keywords.ts';
import type { Alternative } from './name-alternatives.ts';

/** Which old alternatives of a union match which new ones. */
export interface Matches {
  readonly pairs: readonly (readonly [old: Alternative, now: Alternative])[];
  readonly gone: readonly Alternative[];
  readonly added: readonly Alternative[];
}

/**
 * Matches the alternatives of two unions: first those with the same tag, then equal ones, then those of the same type in their order, if
 * both unions have the same number of them.
 */
export function matchAlternatives(before: readonly Alternative[], after: readonly Alternative[]): Matches {
  const pairs: [Alternative, Alternative][] = [];
  const left = { old: [...before], now: [...after] };
  const match = (isSame: (old: Alternative, now: Alternative) => boolean): void => {
    for (const old of [...left.old]) {
      const now = left.now.find((one) => isSame(old, one));
      if (!now) continue;
      pairs.push([old, now]);
      left.old = left.old.filter((one) => one !== old);
      left.now = left.now.filter((one) => one !== now);
    }
  };
  match((old, now) => old.tag !== undefined && old.tag === now.tag);
  match((old, now) => canonicalText(old.location.schema) === canonicalText(now.location.schema));
  const count = (all: readonly Alternative[], type: string): number =>
    all.filter((one) => typeOf(one) === type).length;
  const types = new Set(left.old.map(typeOf));
  const even = new Set([...types].filter((type) => count(left.old, type) === count(left.now, type)));
  match(
    (old, now) => even.has(typeOf(old)) && typeOf(old) === typeOf(now) && (old.tag ?? now.tag) === undefined,
  );
  return {
    pairs: pairs.toSorted(([a], [b]) => before.indexOf(a) - before.indexOf(b)),
    gone: left.old,
    added: left.now,
  };
}

function typeOf({ location: { schema } }: Alternative): string {
  const { type, allOf } = schema;
  if (type === 'integer') return 'number';
  return type === undefined ? (allOf ? 'object' : 'any') : String(type);
}

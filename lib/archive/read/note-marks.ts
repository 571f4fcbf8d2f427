import { eventName } from '../../contracts/versions/event-name.ts';
import { markOf, type ObjectFacts } from '../object-key.ts';

/** Of a type that is named without its version these are looked for. */
const MAX_VERSION = 99;

/** Which of some types no object has a mark of: the archive has no event of them, whatever the contracts know. */
export interface NotedMarks {
  note(facts: Pick<ObjectFacts, 'types'>): void;
  missing(): readonly string[];
}

/** @param types with their versions or without */
export function noteMarks(types: readonly string[]): NotedMarks {
  const sought = new Map(types.map((type) => [type, new Set(versionsOf(type).map(markOf))]));
  return {
    note: ({ types: there }) => {
      for (const [type, marks] of sought)
        if (there === undefined || !marks.isDisjointFrom(there)) sought.delete(type);
    },
    missing: () => [...sought.keys()],
  };
}

function versionsOf(type: string): readonly string[] {
  if (eventName(type) !== type) return [type];
  return Array.from({ length: MAX_VERSION }, (_, index) => `${type}.v${index + 1}`);
}

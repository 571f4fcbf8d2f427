import { type Envelope, isErased, lacksData } from '../../contracts/envelope/envelope.ts';
import { textsOf } from '../../contracts/json/texts-in.ts';
import { subjectIn } from '../../contracts/personal/personal.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';

/**
 * Whose event it is. `unknown`: the contract names the person in the data, and the data is not in the event but at a link of its publisher.
 */
export type Whose = 'theirs' | 'others' | 'unknown';

/** The persons whose data is to be erased. */
export interface Subjects {
  readonly names: ReadonlySet<string>;
  /**
   * Says whose an event is, by the field that its contract names or, without one, by its attribute `subject`.
   *
   * @param event on the wire, with its large data where that still exists
   */
  judge(event: Envelope): Whose;
  /** Whether a text, or JSON in it, has one of the names in it, as a word: `17` is in `customer-17`, and not in `2017`. */
  isNamedIn(text: string): boolean;
  /** Types that no contract knows, of the events that were judged. They were compared by their attribute `subject`. */
  readonly unknownTypes: ReadonlySet<string>;
}

/** @param versions every version of every contract of the app */
export function createSubjects(names: readonly string[], versions: Iterable<EventVersion>): Subjects {
  const known = new Map([...versions].map((version) => [version.versionedType, version] as const));
  const wanted = new Set(names);
  const words = names.map(
    (name) => new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, 'u'),
  );
  const unknownTypes = new Set<string>();
  const isWanted = (name: unknown): boolean => typeof name === 'string' && wanted.has(name);
  return {
    names: wanted,
    unknownTypes,
    isNamedIn: (text) => textsOf(text).some((one) => words.some((word) => word.test(one))),
    judge: (event) => {
      if (isErased(event)) return 'others';
      const version = known.get(event.type);
      if (!version) unknownTypes.add(event.type);
      const personal = version?.personal;
      if (personal && !lacksData(event))
        return isWanted(subjectIn(event.data, personal)) ? 'theirs' : 'others';
      if (isWanted(event.subject)) return 'theirs';
      // Of large data that is gone, nothing is left that could be anybody's.
      return personal && event.datasha256 === undefined ? 'unknown' : 'others';
    },
  };
}

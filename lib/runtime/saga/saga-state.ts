import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import type { SagaParts } from '../../contracts/saga/saga-definition.ts';
import { describeProblems, jsonPointer } from '../../contracts/text/problem.ts';
import { parseData } from '../../contracts/versions/event-version.ts';
import { copyOf, freeze, jsonOf } from './frozen.ts';

/** What the data is called in an error. */
const NEW_DATA = "the saga's new data";

/** The data of a saga: as it is stored, and as a transition gets it. */
export interface SagaState {
  /** As JSON. */
  readonly text: string;
  /** What the schema reads from the text. It cannot be changed. */
  readonly data: unknown;
}

/**
 * The new data of a saga, from what a transition gives. What the schema returns is stored, and the schema reads it at the next move: so
 * it may not change it again.
 *
 * @throws TypeError when the data is not JSON, breaks the schema, or is changed again by it
 */
export function newState(schema: SagaParts['state'], given: unknown): SagaState {
  const parsed = parseData(schema, copyOf(given, NEW_DATA));
  if ('problems' in parsed)
    throw new TypeError(`${NEW_DATA} breaks its schema: ${describeProblems(parsed.problems)}`);
  const text = jsonOf(parsed.data, NEW_DATA);
  const again = parseData(schema, parseStoredJson(text, NEW_DATA));
  if ('data' in again && jsonOf(again.data, NEW_DATA) === text) return { text, data: freeze(again.data) };
  const outcome =
    'data' in again
      ? `${changeOf(parsed.data, again.data)} is another value when it is read`
      : `it is refused when it is read: ${describeProblems(again.problems)}`;
  throw new TypeError(
    `the schema of the saga's data changes what it has returned: ${outcome}; it reads the data at each move, so convert in the transition instead`,
  );
}

/** The pointer to the first change. The values are not shown: they may be a customer's data. */
function changeOf(before: unknown, after: unknown, path: readonly PropertyKey[] = ['data']): string {
  const [one, other] = [membersOf(before), membersOf(after)];
  const names = one && other ? Object.keys({ ...one, ...other }) : [];
  const name = names.find((each) => JSON.stringify(one?.[each]) !== JSON.stringify(other?.[each]));
  return name === undefined ? jsonPointer(path) : changeOf(one?.[name], other?.[name], [...path, name]);
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // An array is read by its indexes.
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

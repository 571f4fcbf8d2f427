import { type EventConsumer, type EventFilter, versionsOf } from './parties.ts';

type Policy = Readonly<Record<string, unknown>>;

/** What a filter policy lets through of one type: versions and conditions. Undefined: nothing. */
export function takeOf(
  type: string,
  filterPolicy: unknown,
): Pick<EventConsumer, 'versions' | 'filters'> | undefined {
  const taken = branchesOf(filterPolicy).flatMap(({ type: types, ...policy }) => {
    if (!isListOfText(types)) return [{ versions: [], policy }];
    const versions = versionsOf(type, types);
    return versions.length > 0 ? [{ versions, policy }] : [];
  });
  if (taken.length === 0) return undefined;
  const [whole, some] = [taken.filter(isWhole), taken.filter((one) => !isWhole(one))];
  const takesAll = taken.some(({ versions }) => versions.length === 0);
  const versions = new Set(taken.flatMap((one) => one.versions));
  const unconditional = new Set(whole.flatMap((one) => one.versions));
  return {
    versions: takesAll ? [] : [...versions].toSorted((a, b) => a - b),
    filters: some.filter((one) => !one.versions.every((version) => unconditional.has(version))),
  };
}

/** The versioned types that a policy names. */
export function typesNamed(filterPolicy: unknown): readonly string[] {
  return branchesOf(filterPolicy).flatMap(({ type }) => (isListOfText(type) ? type : []));
}

function isWhole({ policy }: EventFilter): boolean {
  return Object.keys(policy).length === 0;
}

/** The alternatives of a policy. What is beside `$or` holds for each. */
function branchesOf(filterPolicy: unknown): readonly Policy[] {
  if (!isObject(filterPolicy)) return [{}];
  const { $or, ...rest } = filterPolicy;
  if (!Array.isArray($or)) return [rest];
  return $or.filter(isObject).map((one) => ({ ...rest, ...one }));
}

/** A pattern such as `{ prefix }` among them may be any type. */
function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isObject(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

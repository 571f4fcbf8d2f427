import { isPolicy, normalizePolicy } from './normalize-policy.ts';
import { UNRESOLVED } from './resolve.ts';

/** A property whose existing value is not the synthesized one. */
export interface Difference {
  /** Such as `RedrivePolicy.maxReceiveCount`. */
  readonly path: string;
  /** Undefined when the template has no value. */
  readonly synthesized: unknown;
  /** Undefined when the resource has no value. */
  readonly deployed: unknown;
}

/** Properties that identify the elements of a list. */
const IDENTITIES = ['Sid', 'Id', 'Name', 'IndexName', 'AttributeName', 'Key'] as const;

/**
 * Compares a synthesized value with the existing one. Some differences mean the same to AWS and are ignored: a number or boolean as a string,
 * another order of a list, another form of a policy, and an empty value instead of none. An unresolved part of a string equals any string.
 */
export function compare(synthesized: unknown, deployed: unknown, path = ''): readonly Difference[] {
  if (synthesized === UNRESOLVED || (isNothing(synthesized) && isNothing(deployed))) return [];
  if (Array.isArray(synthesized) && Array.isArray(deployed)) return compareLists(synthesized, deployed, path);
  if (isPolicy(synthesized) && isPolicy(deployed)) {
    return compareObjects(normalizePolicy(synthesized), normalizePolicy(deployed), path);
  }
  if (isObject(synthesized) && isObject(deployed)) return compareObjects(synthesized, deployed, path);
  return isSame(synthesized, deployed) ? [] : [{ path, synthesized, deployed }];
}

/** A value as text, with `...` for unresolved parts. */
export function describeValue(value: unknown): string {
  if (isNothing(value)) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(UNRESOLVED, '...');
}

function compareObjects(
  synthesized: Readonly<Record<string, unknown>>,
  deployed: Readonly<Record<string, unknown>>,
  path: string,
): readonly Difference[] {
  const names = new Set([...Object.keys(synthesized), ...Object.keys(deployed)]);
  return [...names].flatMap((name) =>
    compare(synthesized[name], deployed[name], path === '' ? name : `${path}.${name}`),
  );
}

function compareLists(
  synthesized: readonly unknown[],
  deployed: readonly unknown[],
  path: string,
): readonly Difference[] {
  const identity = IDENTITIES.find((name) => isIdentity(name, synthesized) && isIdentity(name, deployed));
  if (identity !== undefined) {
    const named = (list: readonly unknown[]) =>
      Object.fromEntries(list.map((one) => [`[${identityOf(one, identity)}]`, one]));
    return compareObjects(named(synthesized), named(deployed), path);
  }
  const missing = without(synthesized, deployed);
  const extra = without(deployed, synthesized, (one, other) => isEqual(other, one));
  if (missing.length === 0 && extra.length === 0) return [];
  if (![...missing, ...extra].every(isObject)) return [{ path, synthesized, deployed }];
  return [
    ...missing.map((one) => ({ path: `${path}[]`, synthesized: one, deployed: undefined })),
    ...extra.map((one) => ({ path: `${path}[]`, synthesized: undefined, deployed: one })),
  ];
}

/** The elements that have no equal element in the other list. Each element of the other list counts once. */
function without(
  list: readonly unknown[],
  other: readonly unknown[],
  equal: (one: unknown, other: unknown) => boolean = isEqual,
): readonly unknown[] {
  const left = [...other];
  return list.filter((one) => {
    const index = left.findIndex((candidate) => equal(one, candidate));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function isEqual(synthesized: unknown, deployed: unknown): boolean {
  return compare(synthesized, deployed).length === 0;
}

/** Whether every element has this property, with a different value in each. */
function isIdentity(name: string, list: readonly unknown[]): boolean {
  const values = list.map((one) => identityOf(one, name));
  return values.every((value) => value !== undefined) && new Set(values).size === values.length;
}

function identityOf(value: unknown, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function isSame(synthesized: unknown, deployed: unknown): boolean {
  const [wanted, existing] = [String(synthesized), String(deployed)];
  if (isObject(synthesized) || isObject(deployed) || Array.isArray(synthesized) !== Array.isArray(deployed)) {
    return false;
  }
  if (!wanted.includes(UNRESOLVED)) return wanted === existing;
  const parts = wanted.split(UNRESOLVED).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's').test(existing);
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.values(value).every(isNothing))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

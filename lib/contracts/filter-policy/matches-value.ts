import { BlockList, isIP } from 'node:net';
import { COMPARED_NUMBERS } from './policy.ts';

/** Whether a single value of a message matches an operator. */
type Operator = (value: unknown, operand: unknown) => boolean;

/** The operators on values. `exists` tests the name, so it is not one of them. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  prefix: (value, prefix) => areTexts(value, prefix) && String(value).startsWith(String(prefix)),
  suffix: (value, suffix) => areTexts(value, suffix) && String(value).endsWith(String(suffix)),
  'equals-ignore-case': (value, text) =>
    areTexts(value, text) && String(value).toLowerCase() === String(text).toLowerCase(),
  wildcard: (value, pattern) => areTexts(value, pattern) && matchesWildcard(String(value), String(pattern)),
  'anything-but': (value, excluded) => ![excluded].flat().some((one) => matchesValue(one, value)),
  numeric: (value, comparisons) => Array.isArray(comparisons) && matchesNumeric(value, comparisons),
  cidr: (value, range) => areTexts(value, range) && isWithin(String(value), String(range)),
};

/**
 * Whether a single value of a message matches one alternative of a filter policy.
 *
 * @param alternative a string, number, boolean or null, which has to be equal, or an operator such as `{ prefix: 'a' }`
 * @throws RangeError when the operator is unknown
 */
export function matchesValue(alternative: unknown, value: unknown): boolean {
  if (typeof alternative !== 'object' || alternative === null) return alternative === value;
  return Object.entries(alternative).every(([name, operand]) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (!operator) throw new RangeError(`'${name}' is not an operator of an SNS filter policy`);
    return operator(value, operand);
  });
}

function areTexts(value: unknown, operand: unknown): boolean {
  return typeof value === 'string' && typeof operand === 'string';
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Whether a value matches all pairs of an operator and a bound. A number out of SNS's range never matches. */
function matchesNumeric(value: unknown, comparisons: readonly unknown[]): boolean {
  if (typeof value !== 'number' || Math.abs(value) > COMPARED_NUMBERS.max) return false;
  for (let at = 0; at < comparisons.length; at += 2) {
    const [name, bound] = [comparisons[at], comparisons[at + 1]];
    const compare = COMPARISONS[String(name)];
    if (!compare || typeof bound !== 'number') {
      throw new RangeError(`'${name} ${bound}' is not a comparison of an SNS filter policy`);
    }
    if (!compare(toComparedDecimals(value), toComparedDecimals(bound))) return false;
  }
  return comparisons.length > 0;
}

function toComparedDecimals(number: number): number {
  return Number(number.toFixed(COMPARED_NUMBERS.decimals));
}

/** Whether a value matches a pattern in which `*` stands for any number of characters. A regular expression could be slow (backtracking). */
function matchesWildcard(value: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

function isWithin(address: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(address) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

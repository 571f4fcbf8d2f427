import * as z from 'zod';

/** The number of decimal places of a number in JSON. */
function decimals(value: number): number {
  const [digits = '', exponent = '0'] = String(Math.abs(value)).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** Numbers as integers, in units of the smallest decimal place of all of them. */
function scaled(values: readonly number[]): readonly bigint[] {
  const places = Math.max(...values.map(decimals));
  return values.map((value) => {
    const [digits = '', exponent = '0'] = String(value).split('e');
    const [whole = '', fraction = ''] = digits.split('.');
    const shift = places + Number(exponent) - fraction.length;
    return BigInt(whole + fraction) * 10n ** BigInt(shift);
  });
}

/** Whether a number is a multiple of a step, calculated like zod: 0.3 is a multiple of 0.1. */
export function isMultiple(value: number, step: number): boolean {
  return step === 1 ? Number.isInteger(value) : z.core.util.floatSafeRemainder(value, step) === 0;
}

/** The smallest common multiple of steps; undefined when a double cannot represent it. */
export function commonStep(steps: readonly number[]): number | undefined {
  const [first, ...rest] = scaled([...steps, 1]);
  if (first === undefined) return undefined;
  const one = rest.at(-1) ?? 1n;
  const common = rest.slice(0, -1).reduce((a, b) => (a / gcd(a, b)) * b, first);
  const step = Number(common) / Number(one);
  return Number.isFinite(step) && steps.every((each) => isMultiple(step, each)) ? step : undefined;
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** A step times an integer, without rounding errors of binary fractions. */
export function times(step: number, count: number): number {
  return Number((step * count).toFixed(Math.min(decimals(step), 100)));
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number */
const MIN_MAGNITUDE = 1e-130;
const MAX_DIGITS = 38;
const MAX_INTEGER_LENGTH = 126;

/** A number as DynamoDB wants it. @throws TypeError naming the path when it would not be the same there */
export function numberText(value: number | bigint, path: string): string {
  const text = String(value);
  if (typeof value === 'bigint') {
    const digits = text.replace(/^-/, '');
    if (digits.length <= MAX_INTEGER_LENGTH && digits.replace(/0+$/, '').length <= MAX_DIGITS) return text;
    throw new TypeError(
      `${path} has ${digits.length} digits; DynamoDB keeps ${MAX_DIGITS} digits of a number`,
    );
  }
  if (!Number.isFinite(value)) throw new TypeError(`${path} is ${text}; DynamoDB has no such number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new TypeError(`${path} is ${text}, which a number may not hold exactly; use a bigint`);
  }
  if (value !== 0 && Math.abs(value) < MIN_MAGNITUDE) {
    throw new TypeError(`${path} is ${text}; closer to zero than 1e-130 DynamoDB has no number`);
  }
  return text;
}

/** A finding when a number is no whole number within its bounds. */
export function outside(
  name: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): readonly string[] {
  if (Number.isInteger(value) && value >= min && value <= max) return [];
  return [`${name} is ${value}; set it to a whole number from ${min} to ${max}`];
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Text in which two attribute values are equal exactly when DynamoDB finds them equal: sets have no order, 1 is 1.0. */
export function canonical(value: AttributeValue): string {
  if (value.N !== undefined) return `N${normalNumber(value.N)}`;
  if (value.SS !== undefined) return `SS${JSON.stringify(value.SS.toSorted())}`;
  if (value.NS !== undefined) return `NS${JSON.stringify(value.NS.map(normalNumber).toSorted())}`;
  if (value.B !== undefined) return `B${hex(value.B)}`;
  if (value.BS !== undefined) return `BS${JSON.stringify(value.BS.map(hex).toSorted())}`;
  if (value.L !== undefined) return `L[${value.L.map(canonical).join(',')}]`;
  if (value.M !== undefined) return `M{${canonicalItem(value.M)}}`;
  return JSON.stringify(value);
}

/** The same for a whole item, whatever the order of its attributes. */
export function canonicalItem(item: Readonly<Record<string, AttributeValue>>): string {
  return Object.keys(item)
    .toSorted()
    .map((name) => {
      const value = item[name];
      return `${JSON.stringify(name)}:${value ? canonical(value) : ''}`;
    })
    .join(',');
}

export function areEqual(a: AttributeValue, b: AttributeValue): boolean {
  return canonical(a) === canonical(b);
}

/** Below, above or equal (-, +, 0); undefined when DynamoDB does not order the two: other types, or no scalars. */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.N !== undefined && b.N !== undefined) return Number(a.N) - Number(b.N);
  if (a.S !== undefined && b.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B);
  return undefined;
}

/** Adds decimals as DynamoDB does: exactly, not as doubles. */
export function addNumbers(a: string, b: string, sign: 1 | -1): string {
  const scale = Math.max(decimalsOf(a), decimalsOf(b));
  const sum = scaled(a, scale) + BigInt(sign) * scaled(b, scale);
  if (scale === 0) return String(sum);
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0');
  const text = `${sum < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return text.replace(/\.?0+$/, '');
}

function decimalsOf(text: string): number {
  return plainDecimal(text).split('.')[1]?.length ?? 0;
}

function scaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = plainDecimal(text).split('.');
  return BigInt(`${whole}${fraction.padEnd(scale, '0')}`);
}

/** Without an exponent: `1e3` is `1000`. */
function plainDecimal(text: string): string {
  if (!/e/i.test(text)) return text;
  return Number(text).toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 });
}

function normalNumber(text: string): string {
  return addNumbers(text, '0', 1);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

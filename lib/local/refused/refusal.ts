/** Why a service refuses a request that the engine would take. */
export interface Refusal {
  /** As the service names it. */
  readonly code: string;
  readonly message: string;
}

/** An attribute of a message, as its sender wrote it. */
export interface SentAttribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

const TYPE = /^(String|Number|Binary)(\.|$)/;
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** What is wrong with an attribute; undefined when SQS and SNS take it. */
export function problemOf(attribute: SentAttribute): 'type' | 'empty' | 'number' | undefined {
  const { DataType = '', StringValue = '', BinaryValue = '' } = attribute;
  const [, type] = TYPE.exec(DataType) ?? [];
  if (type === undefined) return 'type';
  if ((type === 'Binary' ? BinaryValue : StringValue) === '') return 'empty';
  return type === 'Number' && !NUMBER.test(StringValue) ? 'number' : undefined;
}

/** Bytes of a message as SQS and SNS count them: its body, and the names, types and values of its attributes. */
export function bytesOf(body: string, attributes: readonly (readonly [string, SentAttribute])[]): number {
  const sizes = attributes.map(
    ([name, { DataType = '', StringValue = '', BinaryValue = '' }]) =>
      Buffer.byteLength(`${name}${DataType}${StringValue}`) + Buffer.from(BinaryValue, 'base64').length,
  );
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(body));
}

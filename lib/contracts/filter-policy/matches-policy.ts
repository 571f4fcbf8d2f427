import { matchesValue } from './matches-value.ts';
import { OPERATORS } from './policy.ts';

/** A JSON object: a policy, or the body of a message. */
type JsonObject = Readonly<Record<string, unknown>>;

/** A message attribute in the form of the SNS API. */
export interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
}

/**
 * Whether a message with this JSON body matches a filter policy of the scope `MessageBody`, as AWS documents it.
 *
 * A list matches if any of its elements matches. In a list of objects, one object has to match all conditions. Numbers are compared from
 * -10^9 to 10^9, with five decimals.
 *
 * @param body a JSON value; a value that is not an object matches no policy
 * @throws RangeError when the policy has an unknown operator
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function matchesBody(policy: JsonObject, body: unknown): boolean {
  return isObject(body) && matchesObject(policy, body);
}

/**
 * Whether a message with these attributes matches a filter policy of the scope `MessageAttributes`. Only attributes of the types String,
 * String.Array and Number are used.
 *
 * @throws RangeError when the policy has an unknown operator
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function matchesAttributes(
  policy: JsonObject,
  attributes: Readonly<Record<string, MessageAttribute>>,
): boolean {
  const values = Object.entries(attributes).flatMap(([name, attribute]) => {
    const value = attributeValue(attribute);
    return value === undefined ? [] : [[name, value] as const];
  });
  // A message without attributes matches no policy, not even a policy with `exists: false` only.
  return values.length > 0 && matchesObject(policy, Object.fromEntries(values));
}

function attributeValue({ DataType = 'String', StringValue = '' }: MessageAttribute): unknown {
  if (DataType === 'String') return StringValue;
  if (DataType === 'Number') return Number(StringValue);
  return DataType === 'String.Array' ? parsedList(StringValue) : undefined;
}

function parsedList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // SNS ignores an attribute whose value is not a valid list.
    return undefined;
  }
}

/** Whether an object matches every name of the policy. An empty or missing object has no values. */
function matchesObject(policy: JsonObject, object: unknown): boolean {
  return Object.entries(policy).every(([name, asked]) => {
    if (name === '$or' && isChoice(asked)) return asked.some((choice) => matchesObject(choice, object));
    const value = isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
    if (!isObject(asked)) return matchesLeaf([asked].flat(), value);
    const elements: readonly unknown[] = [value].flat(Number.POSITIVE_INFINITY);
    return elements.length > 0
      ? elements.some((element) => matchesObject(asked, element))
      : matchesObject(asked, undefined);
  });
}

/** Whether `$or` has choices. If not, `$or` is a normal name. @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html#or-operator */
function isChoice(asked: unknown): asked is readonly JsonObject[] {
  return (
    Array.isArray(asked) &&
    asked.length >= 2 &&
    asked.every((choice) => isObject(choice) && !Object.keys(choice).some((name) => OPERATORS.has(name)))
  );
}

/** Whether one of the single values matches one of the alternatives. */
function matchesLeaf(alternatives: readonly unknown[], value: unknown): boolean {
  const values = leavesOf(value);
  return alternatives.some((alternative) => {
    if (!isObject(alternative) || !('exists' in alternative)) {
      return values.some((one) => matchesValue(alternative, one));
    }
    // @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html: `exists: true` needs a value that is not null and not empty
    return alternative.exists ? values.some((one) => one !== null && one !== '') : values.length === 0;
  });
}

/** The single values at a name: the value itself, or those of a list. An object has none, because `exists` works for single values only. */
function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { matchesValue } from './matches-value.ts';
import { OPERATORS } from './policy.ts';

/** A JSON object: a policy, or the body of a message. */
type JsonObject = Readonly<Record<string, unknown>>;

/** A message attribute, as SNS's API takes it. */
export interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
}

/**
 * Whether a message whose body is this JSON passes a filter policy of the scope `MessageBody`, by what AWS documents.
 *
 * In a list any element may match; of objects in a list, one has to match everything that is asked of it. Numbers are compared
 * from -10^9 to 10^9, to five decimals.
 *
 * @param body a JSON value; one that is no object passes no policy
 * @throws RangeError when the policy has an operator that is none of SNS's
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function matchesBody(policy: JsonObject, body: unknown): boolean {
  return isObject(body) && matchesObject(policy, body);
}

/**
 * Whether a message with these attributes passes a filter policy of the scope `MessageAttributes`. Attributes of other types than
 * String, String.Array and Number are not looked at.
 *
 * @throws RangeError when the policy has an operator that is none of SNS's
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
  // A message without attributes passes no policy, not even one that asks for nothing to be there.
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
    // SNS takes what is no list for no value.
    return undefined;
  }
}

/** What is asked of an object: each name of the policy. An empty or missing object has nothing at any name. */
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

/** Otherwise `$or` is a name like any other. @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html#or-operator */
function isChoice(asked: unknown): asked is readonly JsonObject[] {
  return (
    Array.isArray(asked) &&
    asked.length >= 2 &&
    asked.every((choice) => isObject(choice) && !Object.keys(choice).some((name) => OPERATORS.has(name)))
  );
}

/** What is asked of single values: that one of them is one of these. */
function matchesLeaf(alternatives: readonly unknown[], value: unknown): boolean {
  const values = leavesOf(value);
  return alternatives.some((alternative) => {
    if (!isObject(alternative) || !('exists' in alternative)) {
      return values.some((one) => matchesValue(alternative, one));
    }
    // @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html: what is there has to be neither null nor empty
    return alternative.exists ? values.some((one) => one !== null && one !== '') : values.length === 0;
  });
}

/** The single values at a name: it, or those of a list. An object has none: `exists` too is about leaves only. */
function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

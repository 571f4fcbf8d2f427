import type { Alternative } from '../where.ts';
import { matchesValue } from './matches-value.ts';
import { COMPARED_NUMBERS } from './policy.ts';
import type { ValueAtPath } from './value-at-path.ts';

/** A condition on the data that a handler gets, converted to a condition on the data on the wire. */
export interface CompiledCondition {
  /** The condition on the wire. Undefined when the condition holds for all data of this version. */
  readonly alternatives: readonly Alternative[] | undefined;
  /** Why a filter policy cannot express it. Each text continues the sentence `its where asks for 'path'`. */
  readonly findings: readonly string[];
  /** Where SNS would decide differently from the condition. */
  readonly warnings: readonly string[];
}

const MISSING = { exists: false } as const;
/** A value that only `{ exists: true }` matches. */
const ANYTHING = {};
const IN_HANDLER = 'or filter in the handler';

/**
 * Converts a condition for SNS. The condition is about the data that a handler gets: with defaults, and without fields that the contract
 * does not name. SNS sees the data as it was published. The result makes SNS decide as the condition would.
 *
 * @param anyOf the alternatives of the condition
 * @param there the values that can be at its path in the data of one version
 * @param version the version's name in the findings
 */
export function compileCondition(
  anyOf: readonly Alternative[],
  there: ValueAtPath,
  version: string,
): CompiledCondition {
  const missing = whenMissing(anyOf, there.missing);
  if (there.kinds.size === 0 && there.others.size === 0) {
    // The handler never gets a value at this path.
    return missing === 'holds'
      ? { alternatives: undefined, findings: [], warnings: [] }
      : { alternatives: anyOf, findings: [nowhere(version)], warnings: [] };
  }
  const holdsForAll =
    anyOf.some((one) => holds(one, ANYTHING)) && (missing === 'holds' || missing === 'never');
  if (holdsForAll && there.others.size === 0) {
    return { alternatives: undefined, findings: [], warnings: [] };
  }
  const present = anyOf.filter((one) => !isMissing(one)).flatMap((one) => onTheWire(one, there));
  return {
    alternatives: missing === 'holds' ? [...present, MISSING] : present,
    findings: [
      ...shapeFindings(anyOf, there, missing, version),
      ...missingFindings(anyOf, there, missing, version),
    ],
    warnings: [
      ...numberWarnings(anyOf, there, version),
      ...droppedWarnings(there, version),
      ...cleanedWarnings(there, version),
    ],
  };
}

/** The result of the condition for data without a value at the path. `never`: such data is refused. */
type WhenMissing = 'holds' | 'fails' | 'depends' | 'never';

function whenMissing(anyOf: readonly Alternative[], outcomes: readonly unknown[]): WhenMissing {
  if (outcomes.length === 0) return 'never';
  const holding = outcomes.filter((value) => anyOf.some((one) => holds(one, value)));
  if (holding.length === 0) return 'fails';
  return holding.length === outcomes.length ? 'holds' : 'depends';
}

/** Whether a value, or undefined, matches one alternative. */
function holds(alternative: Alternative, value: unknown): boolean {
  if (isOperator(alternative) && 'exists' in alternative) return alternative.exists === (value !== undefined);
  if (value === ANYTHING) return false;
  // AWS does not document this case. noneOf() defines that null matches.
  if (value === null && isOperator(alternative) && 'anything-but' in alternative) return true;
  return value !== undefined && matchesValue(alternative, value);
}

/** An alternative for an existing value, in the form that SNS needs. */
function onTheWire(alternative: Alternative, { kinds, mayBeEmpty }: ValueAtPath): readonly Alternative[] {
  // Only `numeric` treats 300 and 3e2 as the same number. @see https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
  if (typeof alternative === 'number') return [{ numeric: ['=', alternative] }];
  if (!isOperator(alternative)) return [alternative];
  // AWS documents that `exists` does not match null and the empty string. It does not document `anything-but` with null.
  const orNull: readonly Alternative[] = kinds.has('null') ? [null] : [];
  if ('exists' in alternative) return [alternative, ...orNull, ...(mayBeEmpty ? [''] : [])];
  return 'anything-but' in alternative ? [alternative, ...orNull] : [alternative];
}

function shapeFindings(
  anyOf: readonly Alternative[],
  { others, dotted }: ValueAtPath,
  missing: WhenMissing,
  version: string,
): readonly string[] {
  if (dotted !== undefined) {
    return [
      `, and the data of ${version} has a property '${dotted}', which SNS treats as the same path; ${IN_HANDLER.slice(3)}`,
    ];
  }
  if (others.has('list')) {
    return [
      `, where the data of ${version} may have a list: SNS would deliver an event if any element matches. Give the list its own field, ${IN_HANDLER}`,
    ];
  }
  const isAboutAll = anyOf.some((one) => isOperator(one) && ('exists' in one || 'anything-but' in one));
  if (others.has('object') && (isAboutAll || missing === 'holds')) {
    return [
      `, where the data of ${version} may have an object: SNS ignores an object as a value. Ask for a value within it, ${IN_HANDLER}`,
    ];
  }
  return [];
}

function missingFindings(
  anyOf: readonly Alternative[],
  there: ValueAtPath,
  missing: WhenMissing,
  version: string,
): readonly string[] {
  if (missing === 'depends') {
    const outcomes = [...new Set(there.missing.map((value) => JSON.stringify(value) ?? 'nothing'))];
    return [
      `; when an event of ${version} does not have it, the handler gets ${outcomes.join(' or ')}, and SNS cannot know which. Give it the same default everywhere, ${IN_HANDLER}`,
    ];
  }
  const nullHolds = anyOf.some((one) => holds(one, null));
  if (missing === 'holds' && there.kinds.has('null') && !nullHolds) {
    return [
      ` to be missing and not null in the data of ${version}; AWS does not document whether SNS distinguishes them. Allow both, with absentOrNull() or null in oneOf, ${IN_HANDLER}`,
    ];
  }
  if (anyOf.every(isMissing) && missing !== 'holds') {
    return [
      ` to be missing, but the handler always gets a value for it in the data of ${version}: no such event would arrive`,
    ];
  }
  return [];
}

function numberWarnings(
  anyOf: readonly Alternative[],
  { numbers }: ValueAtPath,
  version: string,
): readonly string[] {
  const { max, decimals } = COMPARED_NUMBERS;
  const comparisons = anyOf.flatMap((one) => {
    if (typeof one === 'number') return [['=', one]];
    if (!isOperator(one)) return [];
    if ('numeric' in one) return [one.numeric];
    return 'anything-but' in one ? [one['anything-but'].filter((value) => typeof value === 'number')] : [];
  });
  const isOpen = (sign: '<' | '>'): boolean =>
    comparisons.some((asked) => asked.length === 2 && String(asked[0]).startsWith(sign));
  const beyond = [
    ...(isOpen('>') && numbers.some(({ highest }) => highest > max) ? [`above ${max}`] : []),
    ...(isOpen('<') && numbers.some(({ lowest }) => lowest < -max) ? [`below -${max}`] : []),
    ...(comparisons.flat().length > 0 && numbers.some(({ step }) => !isCompared(step))
      ? [`with more than ${decimals} decimals`]
      : []),
  ];
  if (beyond.length === 0) return [];
  return [
    `${version} allows numbers ${beyond.join(' and ')}, which SNS cannot compare exactly: such events may be silently filtered out. Bound the field (.max(), .min(), z.int(), .multipleOf()) in a new version, filter in the handler, or acknowledge this with the reason why there are no such numbers`,
  ];
}

/** Whether multiples of a step have no more decimals than SNS compares. */
function isCompared(step: number): boolean {
  return step !== 0 && Number(step.toFixed(COMPARED_NUMBERS.decimals)) === step;
}

function droppedWarnings({ mayBeDropped }: ValueAtPath, version: string): readonly string[] {
  if (!mayBeDropped) return [];
  return [
    `${version} has an alternative without this field, which accepts it and removes it before the handler: SNS would check a value that the handler does not get. Write that alternative with z.strictObject(), filter in the handler, or acknowledge this with the reason why nobody publishes it`,
  ];
}

function cleanedWarnings({ mayBeCleaned }: ValueAtPath, version: string): readonly string[] {
  if (!mayBeCleaned) return [];
  return [
    `${version} accepts a URL with blanks or line breaks and removes them before the handler: SNS would check a text that the handler does not get. Filter in the handler, or acknowledge this with the reason why nobody publishes one`,
  ];
}

function nowhere(version: string): string {
  return `, which is not a single value in the data of ${version}: no such event would arrive. Ask for a value that every version has, or listen to fewer versions`;
}

function isOperator(
  alternative: Alternative,
): alternative is Exclude<Alternative, string | number | boolean | null> {
  return typeof alternative === 'object' && alternative !== null;
}

function isMissing(alternative: Alternative): boolean {
  return isOperator(alternative) && 'exists' in alternative && !alternative.exists;
}

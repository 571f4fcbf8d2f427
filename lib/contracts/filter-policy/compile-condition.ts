import type { Alternative } from '../where.ts';
import { matchesValue } from './matches-value.ts';
import { COMPARED_NUMBERS } from './policy.ts';
import type { ValueAtPath } from './value-at-path.ts';

/** A condition on data as the handler gets it, made one on data as it travels. */
export interface CompiledCondition {
  /** What to ask of the wire. Undefined when the condition holds for all data of this version. */
  readonly alternatives: readonly Alternative[] | undefined;
  /** Why no filter policy can say it: what follows `its where asks for 'path'`. */
  readonly findings: readonly string[];
  /** What SNS would judge otherwise than the condition says. */
  readonly warnings: readonly string[];
}

const MISSING = { exists: false } as const;
/** A value that only `{ exists: true }` takes. */
const ANYTHING = {};
const IN_HANDLER = 'or filter in the handler';

/**
 * Says a condition so that SNS, which sees what was published, decides as the condition would on what the handler gets: with defaults
 * filled in, and without what the contract does not name.
 *
 * @param anyOf the condition
 * @param there what can be at its path in the data of one version
 * @param version the version, as the findings name it
 */
export function compileCondition(
  anyOf: readonly Alternative[],
  there: ValueAtPath,
  version: string,
): CompiledCondition {
  const missing = whenMissing(anyOf, there.missing);
  if (there.kinds.size === 0 && there.others.size === 0) {
    // The handler never gets a value there, whatever was published.
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

/** What the condition says of data that has nothing at the path. */
type WhenMissing = 'holds' | 'fails' | 'depends' | 'never';

function whenMissing(anyOf: readonly Alternative[], outcomes: readonly unknown[]): WhenMissing {
  if (outcomes.length === 0) return 'never';
  const holding = outcomes.filter((value) => anyOf.some((one) => holds(one, value)));
  if (holding.length === 0) return 'fails';
  return holding.length === outcomes.length ? 'holds' : 'depends';
}

/** Whether a value, or undefined, is what one alternative says. */
function holds(alternative: Alternative, value: unknown): boolean {
  if (isOperator(alternative) && 'exists' in alternative) return alternative.exists === (value !== undefined);
  if (value === ANYTHING) return false;
  // AWS is silent about this one; noneOf() is not.
  if (value === null && isOperator(alternative) && 'anything-but' in alternative) return true;
  return value !== undefined && matchesValue(alternative, value);
}

/** An alternative on a value that is there, as SNS has to be asked for it. */
function onTheWire(alternative: Alternative, { kinds, mayBeEmpty }: ValueAtPath): readonly Alternative[] {
  // 300 and 3e2 are the same number for `numeric` only. @see https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
  if (typeof alternative === 'number') return [{ numeric: ['=', alternative] }];
  if (!isOperator(alternative)) return [alternative];
  // AWS documents that null and the empty string do not count as being there, and is silent about null and `anything-but`.
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
      `, and the data of ${version} has a property '${dotted}', which SNS takes for the same path; ${IN_HANDLER.slice(3)}`,
    ];
  }
  if (others.has('list')) {
    return [
      `, where the data of ${version} may have a list: SNS would let an event through if any element matches. Give the list a field of its own, ${IN_HANDLER}`,
    ];
  }
  const isAboutAll = anyOf.some((one) => isOperator(one) && ('exists' in one || 'anything-but' in one));
  if (others.has('object') && (isAboutAll || missing === 'holds')) {
    return [
      `, where the data of ${version} may have an object: to SNS that is nothing at all. Ask for a value within it, ${IN_HANDLER}`,
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
      `; when an event of ${version} does not say it, the handler gets ${outcomes.join(' or ')}, and SNS cannot tell which. Give it one default everywhere, ${IN_HANDLER}`,
    ];
  }
  const nullHolds = anyOf.some((one) => holds(one, null));
  if (missing === 'holds' && there.kinds.has('null') && !nullHolds) {
    return [
      ` to be missing and not null in the data of ${version}; AWS does not document whether SNS tells them apart. Take both, with absentOrNull() or null in oneOf, ${IN_HANDLER}`,
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
    `${version} lets numbers ${beyond.join(' and ')} through, which SNS does not compare as they are: such events may be left out in silence. Bound the field (.max(), .min(), z.int(), .multipleOf()) in a new version, filter in the handler, or acknowledge this with the reason why there are no such numbers`,
  ];
}

/** Whether multiples of it have no more decimals than SNS compares. */
function isCompared(step: number): boolean {
  return step !== 0 && Number(step.toFixed(COMPARED_NUMBERS.decimals)) === step;
}

function droppedWarnings({ mayBeDropped }: ValueAtPath, version: string): readonly string[] {
  if (!mayBeDropped) return [];
  return [
    `${version} has an alternative without this field, which lets it through and drops it before the handler: SNS would look at what the handler does not get. Write that alternative with z.strictObject(), filter in the handler, or acknowledge this with the reason why nobody publishes it`,
  ];
}

function cleanedWarnings({ mayBeCleaned }: ValueAtPath, version: string): readonly string[] {
  if (!mayBeCleaned) return [];
  return [
    `${version} takes a URL with blanks or line breaks in it and cleans it before the handler: SNS would look at what the handler does not get. Filter in the handler, or acknowledge this with the reason why nobody publishes one`,
  ];
}

function nowhere(version: string): string {
  return `, which is no single value in the data of ${version}: no such event would arrive. Ask for what every version has, or take fewer versions`;
}

function isOperator(
  alternative: Alternative,
): alternative is Exclude<Alternative, string | number | boolean | null> {
  return typeof alternative === 'object' && alternative !== null;
}

function isMissing(alternative: Alternative): boolean {
  return isOperator(alternative) && 'exists' in alternative && !alternative.exists;
}

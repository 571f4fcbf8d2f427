import type { EventContract } from '../../contracts/define-event.ts';
import type { EventVersion } from '../../contracts/event-version.ts';
import { kindOf, type ValueKind, valueKindsAt } from '../../contracts/value-kinds.ts';
import type { Alternative } from '../../contracts/where.ts';
import { FILTER_POLICY } from '../aws-limits.ts';
import { conditionsOf } from '../filter-policy.ts';
import type { Proof } from './prove-consumer.ts';

/** In a policy with `$or`, SNS takes these for operators. @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html */
const OPERATORS = new Set([
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'exists',
  'equals-ignore-case',
  'wildcard',
  'cidr',
  '$or',
]);

/** What is asked of the data can be said in a filter policy, and can hold for every version that the consumer takes. */
export const proveDataFilter: Proof = ({ definition: { listensTo, where } }) =>
  Object.entries(where).flatMap(([type, filter]) => {
    const contracts = listensTo.filter((contract) => contract.type === type);
    if (contracts.length === 0) return [`its where names ${type}, which it does not listen to`];
    const conditions = conditionsOf(filter);
    return conditions.flatMap(([path, alternatives]) => {
      const within = conditions.find(([other]) => other.startsWith(`${path}.`));
      return [
        ...(within ? [` and for '${within[0]}' within it; SNS takes only one of both`] : []),
        ...findingsOf(contracts, path, alternatives),
      ].map((finding) => `its where asks for '${path}'${finding}`);
    });
  });

function findingsOf(
  contracts: readonly EventContract[],
  path: string,
  alternatives: readonly Alternative[],
): readonly string[] {
  const operator = path.split('.').find((name) => OPERATORS.has(name));
  if (operator !== undefined) return [`, but SNS takes the name '${operator}' for an operator`];
  if (alternatives.length === 0) return [' to be one of no values; name at least one'];
  const versions = contracts.flatMap((contract) => contract.versions);
  return [
    ...versions.flatMap((version) => versionFinding(version, path, alternatives)),
    ...alternatives.flatMap(operandFinding),
  ];
}

/** A filter works on what is published: an older event that has nothing to compare would be left out in silence. */
function versionFinding(
  { schema, versionedType }: EventVersion,
  path: string,
  alternatives: readonly Alternative[],
): readonly string[] {
  // What must not be there is not there in an older version either.
  if (alternatives.some(isAbsent)) return [];
  const there = valueKindsAt(schema, path);
  if (there.size === 0) {
    return [
      `, which is no single value in the data of ${versionedType}: no such event would arrive. Ask for what every version has, or take fewer versions`,
    ];
  }
  const asked = new Set(alternatives.flatMap(kindsAskedFor));
  if (!there.isDisjointFrom(asked)) return [];
  return [
    ` to be a ${[...asked].join(' or ')}, but in the data of ${versionedType} it is a ${[...there].join(' or ')}: no such event would arrive`,
  ];
}

function isAbsent(alternative: Alternative): boolean {
  return (
    typeof alternative === 'object' && alternative !== null && 'exists' in alternative && !alternative.exists
  );
}

function kindsAskedFor(alternative: Alternative): readonly ValueKind[] {
  if (typeof alternative !== 'object' || alternative === null) return kindsOf([alternative]);
  if ('exists' in alternative) return ['string', 'number', 'boolean', 'null'];
  if ('numeric' in alternative) return ['number'];
  return 'anything-but' in alternative ? kindsOf(alternative['anything-but']) : ['string'];
}

function kindsOf(values: readonly unknown[]): readonly ValueKind[] {
  return values.flatMap((value) => kindOf(value) ?? []);
}

function operandFinding(alternative: Alternative): readonly string[] {
  const operands =
    typeof alternative === 'object' && alternative !== null
      ? Object.values(alternative).flat()
      : [alternative];
  const numbers = operands.filter((operand) => typeof operand === 'number');
  const { maxNumber, maxDecimals } = FILTER_POLICY;
  const wrong = numbers.find(
    (number) => !(Math.abs(number) <= maxNumber) || Number(number.toFixed(maxDecimals)) !== number,
  );
  if (wrong !== undefined) {
    return [` with ${wrong}; SNS compares numbers from -10^9 to 10^9 with ${maxDecimals} decimals`];
  }
  if (typeof alternative === 'object' && alternative !== null) {
    if ('anything-but' in alternative && numbers.length > 0 && numbers.length < operands.length) {
      return [' to be none of strings and numbers; SNS takes only one of both in noneOf'];
    }
    if ('numeric' in alternative && numbers.length === 2 && !((numbers[0] ?? 0) < (numbers[1] ?? 0))) {
      return [` to be from ${numbers.join(' to ')}; the first has to be less than the second`];
    }
  }
  return [];
}

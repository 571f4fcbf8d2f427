import type { EventContract } from '../../contracts/define-event.ts';
import { COMPARED_NUMBERS, OPERATORS } from '../../contracts/filter-policy/policy.ts';
import { kindOf, type ValueKind, valueAtPath } from '../../contracts/filter-policy/value-at-path.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';
import type { Alternative, DataFilter } from '../../contracts/where.ts';
import { conditionsOf, versionFilters } from '../consumer/filter-policy.ts';
import type { Validation } from './rule.ts';

/** What is asked of the data can be said in a filter policy, and can hold for every version that the consumer takes. */
export const validateDataFilter: Validation = ({ definition: { listensTo, where } }) =>
  Object.entries(where).flatMap(([type, filter]) => {
    const contracts = listensTo.filter((contract) => contract.type === type);
    if (contracts.length === 0) return [`its where names ${type}, which it does not listen to`];
    const odd = Object.entries(filter ?? {}).find(([, condition]) => !Array.isArray(condition?.anyOf));
    if (odd)
      return [
        `its where asks for '${odd[0]}' with no condition; make one with oneOf, between and the like of fanfare/contracts`,
      ];
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
  const operator = path.split('.').find((name) => name === '$or' || OPERATORS.has(name));
  if (operator !== undefined) return [`, but SNS takes the name '${operator}' for an operator`];
  if (alternatives.length === 0) return [' to be one of no values; name at least one'];
  const filter: DataFilter = { [path]: { anyOf: alternatives } };
  const filters = contracts.flatMap((contract) => versionFilters(contract, filter));
  return [
    ...filters.flatMap(({ conditions }) => conditions.flatMap(({ findings }) => findings)),
    ...filters.flatMap(({ version }) => kindFinding(version, path, alternatives)),
    ...alternatives.flatMap(operandFinding),
  ];
}

/** A filter works on what is published: an older event whose values are of another kind would be left out in silence. */
function kindFinding(
  { schema, versionedType }: EventVersion,
  path: string,
  alternatives: readonly Alternative[],
): readonly string[] {
  const { kinds: there } = valueAtPath(schema, path);
  const asked = new Set(alternatives.flatMap(kindsAskedFor));
  if (there.size === 0 || !there.isDisjointFrom(asked)) return [];
  return [
    ` to be a ${[...asked].join(' or ')}, but in the data of ${versionedType} it is a ${[...there].join(' or ')}: no such event would arrive`,
  ];
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
  const { max, decimals } = COMPARED_NUMBERS;
  const wrong = numbers.find(
    (number) => !(Math.abs(number) <= max) || Number(number.toFixed(decimals)) !== number,
  );
  if (wrong !== undefined) {
    return [` with ${wrong}; SNS compares numbers from -10^9 to 10^9 with ${decimals} decimals`];
  }
  if (typeof alternative !== 'object' || alternative === null) return [];
  if ('anything-but' in alternative && numbers.length > 0 && numbers.length < operands.length) {
    return [' to be none of strings and numbers; SNS takes only one of both in noneOf'];
  }
  if ('numeric' in alternative && numbers.length === 2 && !((numbers[0] ?? 0) < (numbers[1] ?? 0))) {
    return [` to be from ${numbers.join(' to ')}; the first has to be less than the second`];
  }
  return textFinding(alternative);
}

function textFinding(alternative: object): readonly string[] {
  const [[operator = '', text = ''] = []] = Object.entries(alternative);
  if ((operator === 'prefix' || operator === 'suffix') && text === '') {
    return [' to begin or end with nothing, as every text does; ask for present()'];
  }
  // Of these no one says which letters SNS takes for the same: the German ß has two capitals, the Turkish İ two small letters.
  const odd = [...String(operator === 'equals-ignore-case' ? text : '')].find(
    (letter) => letter.toUpperCase().length !== 1 || letter.toLowerCase().length !== 1,
  );
  if (odd === undefined) return [];
  return [` in small letters or capitals with '${odd}', which has no single other one; use oneOf()`];
}

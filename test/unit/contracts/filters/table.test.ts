import { describe, expect, it } from 'vitest';
import { planConsumer } from '../../../../lib/constructs/consumer/consumer-plan.ts';
import { versionFilters } from '../../../../lib/constructs/consumer/filter-policy.ts';
import { validateDataFilter } from '../../../../lib/constructs/validation/data-filter.ts';
import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../../lib/contracts/define-event.ts';
import { matchesAttributes, matchesBody } from '../../../../lib/contracts/filter-policy/matches-policy.ts';
import { ROWS, type Row } from './table.ts';

const type = 'tests.Happened';

function contractOf({ schema }: Row) {
  return defineEvent({ type, version: 1, description: 'Tests.', data: schema });
}

function planOf(row: Row) {
  const listensTo = [contractOf(row)];
  const definition = defineConsumer({ name: 'tests', description: 'Tests.', listensTo });
  return planConsumer({ ...definition, where: { [type]: row.where } }, false);
}

function liveEventOf(row: Row, data: readonly object[]): readonly object[] {
  const { filterPolicy, filterPolicyScope } = planOf(row);
  const attributes = { type: { DataType: 'String', StringValue: `${type}.v1` } };
  return data.filter((one) =>
    filterPolicyScope === 'MessageAttributes'
      ? matchesAttributes(filterPolicy, attributes)
      : matchesBody(filterPolicy, {
          type: `${type}.v1`,
          data: one,
          ...(row.link && { dataref: 'https://example.com/data' }),
        }),
  );
}

describe('what can be said to SNS', () => {
  it.each(ROWS.filter(({ refused }) => refused === undefined))('$what', (row) => {
    const contract = contractOf(row);
    expect([...row.wanted, ...row.others].flatMap((data) => contract.check(data))).toEqual([]);
    expect(validateDataFilter(planOf(row))).toEqual([]);
    expect(liveEventOf(row, row.wanted)).toEqual(row.wanted);
    expect(liveEventOf(row, row.others)).toEqual([]);
    const [version] = versionFilters(contract, row.where);
    const warnings = version?.conditions.flatMap((condition) => condition.warnings).join() ?? '';
    if (row.warned === undefined) expect(warnings).toBe('');
    else expect(warnings).toContain(row.warned);
  });
});

describe('what cannot be said to SNS is refused', () => {
  it.each(ROWS.filter(({ refused }) => refused !== undefined))('$what', (row) => {
    const contract = contractOf(row);
    expect([...row.wanted, ...row.others].flatMap((data) => contract.check(data))).toEqual([]);
    expect(validateDataFilter(planOf(row)).join('\n')).toContain(row.refused);
  });
});

it('is tried with at least 46 filters', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(46);
});

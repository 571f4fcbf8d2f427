import fc from 'fast-check';
import * as z from 'zod';
import { planConsumer } from '../../../../lib/constructs/consumer/consumer-plan.ts';
import {
  type SubscriptionFilter,
  versionFilters,
} from '../../../../lib/constructs/consumer/filter-policy.ts';
import { validateDataFilter } from '../../../../lib/constructs/validation/data-filter.ts';
import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../../lib/contracts/define-event.ts';
import { type Meaning, meaningsOf } from './conditions.ts';
import { type Shape, shapes } from './contracts.ts';

/** One event, and whether the handler would want it. */
export interface Sample {
  readonly event: Readonly<Record<string, unknown>>;
  readonly wanted: boolean;
}

/** A filter and events for it. */
export interface FilterCase {
  readonly text: string;
  /** What a failure prints. */
  readonly [fc.toStringMethod]: () => string;
  readonly filter: SubscriptionFilter;
  /** What the synthesis says against it, and what it warns of. */
  readonly findings: readonly string[];
  readonly warnings: readonly string[];
  readonly samples: readonly Sample[];
}

interface Asked {
  readonly path: readonly string[];
  readonly meaning: Meaning;
}

const SAMPLES = 5;

/** Random contracts of one or two versions, what is asked of them, and events. */
export const filterCases: fc.Arbitrary<FilterCase> = fc
  .tuple(shapes, fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, shapes))
  .chain(([older, newer]) => {
    const versions = newer ? [older, newer] : [older];
    const paths = versions.flatMap((shape) => shape.paths);
    const asked = fc.array(
      fc
        .constantFrom(...paths)
        .chain(({ path, mostly }) => meaningsOf[mostly].map((meaning) => ({ path, meaning }))),
      { minLength: 1, maxLength: 2 },
    );
    const samples = versions.flatMap(({ wire }, index) =>
      Array.from({ length: SAMPLES }, () =>
        fc.record({ index: fc.constant(index), data: wire, link: fc.nat(9) }),
      ),
    );
    return fc
      .tuple(asked, fc.tuple(...samples))
      .map(([conditions, wires]) => caseOf(versions, conditions, wires));
  });

interface Wire {
  readonly index: number;
  readonly data: unknown;
  readonly link: number;
}

function caseOf(versions: readonly Shape[], asked: readonly Asked[], wires: readonly Wire[]): FilterCase {
  const contract = contractOf(versions);
  const where = Object.fromEntries(asked.map(({ path, meaning }) => [path.join('.'), meaning.condition]));
  // Of two conditions on one path the last counts.
  const effective = asked.filter(
    ({ path }, index) => asked.findLastIndex((other) => other.path.join('.') === path.join('.')) === index,
  );
  const definition = {
    ...defineConsumer({ name: 'tests', description: 'Tests.', listensTo: [contract] }),
    where: { [contract.type]: where },
  };
  const plan = planConsumer(definition, false);
  const text = `${versions.map(({ text }) => text).join(' / ')} where ${effective.map(({ path, meaning }) => `${path.join('.')} ${meaning.text}`).join(' and ')}: ${JSON.stringify(plan.filterPolicy)}`;
  return {
    text,
    [fc.toStringMethod]: () => text,
    filter: plan,
    findings: validateDataFilter(plan),
    warnings: versionFilters(contract, where).flatMap(({ conditions }) =>
      conditions.flatMap(({ warnings }) => warnings),
    ),
    samples: wires.flatMap((wire) => sampleOf(contract, effective, wire)),
  };
}

function sampleOf(
  contract: ReturnType<typeof contractOf>,
  asked: readonly Asked[],
  { index, data, link }: Wire,
): readonly Sample[] {
  const version = contract.versions[index];
  const parsed = version?.schema.safeParse(data);
  if (!version || !parsed?.success) return [];
  const event = { specversion: '1.0', id: '1', source: '/tests', type: version.versionedType };
  // One in ten has its data in the bucket of the bus, and one in ten has a link beside it.
  if (link === 0) return [{ event: { ...event, dataref: 's3://bucket/events/1' }, wanted: true }];
  const wanted = asked.every(({ path, meaning }) => meaning.says(valueAt(parsed.data, path)));
  return [{ event: { ...event, data, ...(link === 1 && { dataref: 'https://example.com/data' }) }, wanted }];
}

function contractOf(versions: readonly Shape[]) {
  const [older, newer] = versions.map(({ schema }) => schema);
  const common = { type: 'tests.Happened', description: 'Tests.' } as const;
  if (!older) throw new TypeError('a contract has at least one version');
  if (!newer) return defineEvent({ ...common, version: 1, data: older });
  return defineEvent({
    ...common,
    version: 2,
    data: newer,
    earlier: [{ version: 1, data: older, upcast: (data) => data }],
  });
}

/** As TypeScript's `data.a?.b` reads it. */
function valueAt(data: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return data;
  const fields = z.record(z.string(), z.unknown()).safeParse(data);
  return fields.success && Object.hasOwn(fields.data, name) ? valueAt(fields.data[name], rest) : undefined;
}

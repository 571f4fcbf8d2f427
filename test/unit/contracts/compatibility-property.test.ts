import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Comparison, Proof, Side } from '../../../lib/contracts/compatibility/changes/change.ts';
import { compareVersions } from '../../../lib/contracts/compatibility/compare-versions.ts';
import type { JsonSchema, PublishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { findHidden } from '../../../lib/contracts/visibility/find-hidden.ts';
import { editDefault, editFields } from './compatibility/edit-shapes.ts';
import { makeData } from './compatibility/make-data.ts';
import { Random } from './compatibility/random.ts';
import { DEFAULTS, type Fields, fields, type Shape, shape } from './compatibility/shapes.ts';
import { zodOf } from './compatibility/zod-of.ts';

/** More of them: `COMPATIBILITY_CASES=10000 COMPATIBILITY_SEED=7 npx vitest run test/unit/contracts/compatibility-property.test.ts`. */
const CASES = Number(process.env.COMPATIBILITY_CASES ?? 200);
const SEED = Number(process.env.COMPATIBILITY_SEED ?? 20_261);

// The schemas of a case are used for a few data: to compile them takes longer than to walk through them.
z.config({ jitless: true });

/** Data that is made of each of the two shapes of a case. */
const DATA_PER_SHAPE = 25;

const cases = fc.record({
  before: fields,
  fresh: shape,
  edits: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  data: fc.nat(),
});
/** Fields of which one has a default, as such, within something, or twice. */
const fieldsWithDefaults = fc
  .record({
    all: fields,
    inner: shape,
    value: fc.constantFrom(...DEFAULTS),
    within: fc.constantFrom('field', 'nullable', 'union', 'both'),
  })
  .map(({ all, inner, value, within }): Fields => {
    const one: Shape = { is: 'default', inner, value };
    const part = { d: { shape: one, optional: false } };
    const wrapped: Shape =
      within === 'nullable'
        ? { is: 'nullable', inner: one }
        : within === 'union'
          ? { is: 'union', options: [{ is: 'enum', values: ['a'] }, one] }
          : { is: 'both', left: part, right: {}, words: true };
    return { ...all, d: { shape: within === 'field' ? one : wrapped, optional: false } };
  });

/** A case takes some milliseconds; one that fails is made small first. */
const TIMEOUT_MS = 60_000 + 100 * CASES;

const parameters = { numRuns: CASES, seed: SEED } as const;

interface Version {
  readonly fields: Fields;
  readonly zod: z.ZodType;
  readonly json: PublishedSchema;
}

function versionOf(shapes: Fields): Version {
  const zod = zodOf(shapes);
  // What a contract may not ask is no case: strict objects that .and() would join.
  fc.pre(findHidden(zod).length === 0);
  const event = defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'An order.', data: zod });
  return { fields: shapes, zod, json: JSON.parse(JSON.stringify(publishedSchema(event, ''))) };
}

function edited(
  before: Fields,
  edit: {
    readonly edits: readonly number[];
    readonly fresh: Parameters<typeof editFields>[1]['fresh'];
    readonly rewords: boolean;
  },
): Fields {
  return edit.edits.reduce((all, seed) => editFields(all, { ...edit, random: new Random(seed) }), before);
}

const takes = ({ zod }: Version, datum: unknown): boolean => zod.safeParse(datum).success;

/** Whom data breaks, by the judgement; a side that only suffers from what something means is not among them. */
function brokenByData({ proofs }: Comparison): ReadonlySet<Side> {
  return new Set(proofs.map(({ side }) => side));
}

/** Of a schema without data, such as a list of at least 1 and at most 0 items, nothing can be said. */
const FOUND_NOTHING = 'no data was found that the schema accepts';

function foundNothing(proof: Proof): boolean {
  return 'why' in proof && proof.why === FOUND_NOTHING;
}

function checkProofs({ proofs }: Comparison, before: Version, after: Version): void {
  for (const proof of proofs) {
    if (!('datum' in proof)) continue;
    const [sender, receiver] = proof.side === 'producers' ? [before, after] : [after, before];
    expect({ ...proof, isSent: takes(sender, proof.datum), isTaken: takes(receiver, proof.datum) }).toEqual({
      ...proof,
      isSent: true,
      isTaken: false,
    });
  }
}

function checkData(comparison: Comparison, [before, after]: readonly [Version, Version], seed: number): void {
  const random = new Random(seed);
  const broken = brokenByData(comparison);
  for (const [side, sender, receiver] of [
    ['producers', before, after],
    ['consumers', after, before],
  ] as const) {
    const hasNoData = comparison.proofs.some((proof) => proof.side === side && foundNothing(proof));
    if (broken.has(side) && !hasNoData) continue;
    for (let index = 0; index < DATA_PER_SHAPE; index++) {
      const datum = makeData(sender.fields, random);
      if (hasNoData && takes(sender, datum)) expect.fail(`${JSON.stringify(datum)} was not found`);
      if (takes(sender, datum) && !takes(receiver, datum))
        expect.fail(`${side} are said to be well, and ${JSON.stringify(datum)} is refused`);
    }
  }
}

function checkChanges({ changes }: Comparison, before: Version, after: Version): void {
  expect(changes.length > 0).toBe(JSON.stringify(before.json) !== JSON.stringify(after.json));
  for (const { pointer } of changes) {
    expect({ pointer, exists: exists(before.json, pointer) || exists(after.json, pointer) }).toEqual({
      pointer,
      exists: true,
    });
  }
}

function exists(document: JsonSchema, pointer: string): boolean {
  let at: unknown = document;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = Object(at)[name];
  }
  return true;
}

/** What the cases of a run came to: a judge that cannot say would call everything broken, and be right each time. */
class Tally {
  cases = 0;
  broken = 0;
  shown = 0;
  readonly #started = performance.now();

  count({ proofs }: Comparison): void {
    this.cases += 1;
    this.broken += proofs.filter((proof) => !foundNothing(proof)).length;
    this.shown += proofs.filter((proof) => 'datum' in proof).length;
  }

  get unclear(): number {
    return this.broken - this.shown;
  }

  print(what: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    console.log(
      `${this.cases} ${what} (seed ${SEED}) in ${seconds} s: ${this.broken} broken sides, ${this.shown} of them shown by data`,
    );
  }
}

it('what is said of an edit is what data shows on both schemas', { timeout: TIMEOUT_MS }, () => {
  const tally = new Tally();
  fc.assert(
    fc.property(cases, ({ before, data, ...edit }) => {
      const versions = [versionOf(before), versionOf(edited(before, { ...edit, rewords: false }))] as const;
      const comparison = compareVersions(versions[0].json, versions[1].json);
      checkProofs(comparison, ...versions);
      checkData(comparison, versions, data);
      checkChanges(comparison, ...versions);
      tally.count(comparison);
    }),
    parameters,
  );
  tally.print('edits');
  expect(tally.unclear / tally.broken).toBeLessThan(0.03);
});

it('a shape that is written in another way breaks nobody', { timeout: TIMEOUT_MS }, () => {
  const tally = new Tally();
  fc.assert(
    fc.property(cases, ({ before, data, ...edit }) => {
      const versions = [versionOf(before), versionOf(edited(before, { ...edit, rewords: true }))] as const;
      const comparison = compareVersions(versions[0].json, versions[1].json);
      const wrong = comparison.changes.filter(({ breaks }) => breaks.length > 0);
      // Exclusive unions within each other may branch too often to be compared: it has to be said, and to be rare.
      const isSaid = comparison.proofs.every(
        (proof) => foundNothing(proof) || ('why' in proof && proof.why.includes('have too many branches')),
      );
      expect(isSaid && wrong.length > 0 ? [] : wrong).toEqual([]);
      checkData(comparison, versions, data);
      checkChanges(comparison, ...versions);
      tally.count(comparison);
    }),
    parameters,
  );
  tally.print('rewordings');
  expect(tally.unclear / tally.cases).toBeLessThan(0.01);
});

it('consumers are told of a default that lets the same data be read in two ways', {
  timeout: TIMEOUT_MS,
}, () => {
  let readInTwoWays = 0;
  fc.assert(
    fc.property(fieldsWithDefaults, fc.nat(), (before, seed) => {
      const random = new Random(seed);
      // Something else has changed too, which breaks nobody: the default has to be found for itself.
      const after = {
        ...editDefault(before, random),
        new: { shape: { is: 'null' }, optional: true },
      } as const;
      const versions = [versionOf(before), versionOf(after)] as const;
      const comparison = compareVersions(versions[0].json, versions[1].json);
      const isTold = comparison.changes.some(({ breaks }) => breaks.includes('consumers'));
      for (let index = 0; index < DATA_PER_SHAPE; index++) {
        const datum = makeData(before, random);
        const [first, second] = versions.map(({ zod }) => zod.safeParse(datum));
        if (!first?.success || !second?.success || isDeepStrictEqual(first.data, second.data)) continue;
        readInTwoWays += 1;
        if (!isTold) expect.fail(`${JSON.stringify(datum)} is read in two ways, and nobody is told`);
      }
    }),
    parameters,
  );
  expect(readInTwoWays).toBeGreaterThan(CASES / 10);
});

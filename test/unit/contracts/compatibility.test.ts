import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Comparison, Side } from '../../../lib/contracts/compatibility/changes/change.ts';
import { compareVersions } from '../../../lib/contracts/compatibility/compare-versions.ts';
import { type PublishedSchema, publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { both, type EditRow } from './compatibility/edit-row.ts';
import { EDITS_OF_DEFAULTS } from './compatibility/edits-of-defaults.ts';
import { EDITS_OF_FIELDS } from './compatibility/edits-of-fields.ts';
import { EDITS_OF_INTERSECTIONS } from './compatibility/edits-of-intersections.ts';
import { EDITS_OF_UNIONS } from './compatibility/edits-of-unions.ts';
import { EDITS_OF_VALUES } from './compatibility/edits-of-values.ts';
import { EDITS_OF_WORDS } from './compatibility/edits-of-words.ts';
import { PLAIN_EDITS } from './compatibility/plain-edits.ts';

function publish(data: z.ZodType, links: readonly string[] = []): PublishedSchema {
  const event = defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'An order.', data, links });
  return JSON.parse(JSON.stringify(publishedSchema(event, event.description)));
}

function brokenBy({ changes }: Comparison): readonly Side[] {
  return [...new Set(changes.flatMap(({ breaks }) => breaks))].toSorted();
}

const ROWS = Object.entries({
  'plain edits': PLAIN_EDITS,
  'edits of defaults': EDITS_OF_DEFAULTS,
  'edits of fields': EDITS_OF_FIELDS,
  'edits of intersections': EDITS_OF_INTERSECTIONS,
  'edits of unions': EDITS_OF_UNIONS,
  'edits of values': EDITS_OF_VALUES,
  'edits of words': EDITS_OF_WORDS,
});

describe.each(ROWS)('%s of a published version', (_, rows) => {
  it.each(rows.map(([edit, ...row]) => ({ edit, row })))('$edit', ({ row }) => {
    const [[before, after], breaks, pointer, data = {}] = row;
    const comparison = compareVersions(publish(before), publish(after));
    expect(brokenBy(comparison)).toEqual(breaks.toSorted());
    if (pointer !== undefined) expect(comparison.changes.map((change) => change.pointer)).toContain(pointer);
    showsWhatItSays(comparison, [before, after], data);
  });
});

/** Each datum that the gate, or the table, has for a side is taken by one schema, and refused by the other. */
function showsWhatItSays(
  { proofs, changes }: Comparison,
  [before, after]: readonly [z.ZodType, z.ZodType],
  data: NonNullable<EditRow[4]>,
): void {
  const shown = new Map<Side, unknown>();
  for (const proof of proofs) {
    if ('datum' in proof) shown.set(proof.side, proof.datum);
    else if (data[proof.side] !== undefined) shown.set(proof.side, { f: data[proof.side] });
  }
  for (const [side, datum] of shown) {
    const [sender, receiver] = side === 'producers' ? [before, after] : [after, before];
    const verdict = { isSent: sender.safeParse(datum).success, isTaken: receiver.safeParse(datum).success };
    expect({ side, datum, ...verdict }).toEqual({ side, datum, isSent: true, isTaken: false });
  }
  // A side is broken without data only by what a default means, by a field that is gone, or by patterns that are not compared.
  const meant = changes.flatMap(({ byMeaning = [] }) => byMeaning);
  const doubted = proofs.flatMap((proof) =>
    'why' in proof && /pattern|format/.test(proof.why) ? [proof.side] : [],
  );
  const known = new Set<Side>([...shown.keys(), ...meant, ...doubted]);
  expect(brokenBy({ proofs, changes }).filter((side) => !known.has(side))).toEqual([]);
}

describe('the changes of a published version', () => {
  it('name at least one for every edit of a schema, each at a place that one of the two has', () => {
    for (const [edit, [before, after]] of ROWS.flatMap(([, rows]) => rows)) {
      const documents = [publish(before), publish(after)] as const;
      const { changes } = compareVersions(...documents);
      const isSame = JSON.stringify(documents[0]) === JSON.stringify(documents[1]);
      expect({ edit, isNamed: changes.length > 0 }).toEqual({ edit, isNamed: !isSame });
      const lost = changes.filter(({ pointer }) => !documents.some((one) => has(one, pointer)));
      expect({ edit, lost }).toEqual({ edit, lost: [] });
    }
  });

  it('are nothing when a schema is compared with itself', () => {
    for (const [edit, shapes] of ROWS.flatMap(([, rows]) => rows)) {
      for (const shape of shapes) {
        expect({ edit, ...compareVersions(publish(shape), publish(shape)) }).toEqual({
          edit,
          changes: [],
          proofs: [],
        });
      }
    }
  });

  it.each([
    ['a keyword that is not understood', { $anchor: 'name' }, both],
    ['a default', { default: 'x' }, ['consumers']],
    ['a note', { description: 'A name.' }, []],
  ])('say of %s beside a field whom it breaks', (_, keyword, breaks) => {
    const published = publish(z.object({ f: z.array(z.object({ default: z.string() })) }));
    const edited = structuredClone(published);
    const within = edited.properties?.f?.items;
    if (typeof within !== 'object' || !within.properties?.default) expect.fail('no such field');
    Object.assign(within.properties.default, keyword);
    expect(brokenBy(compareVersions(published, edited))).toEqual(breaks.toSorted());
  });

  it('say that schemas of which no data was found cannot be compared, unless they ask the same', () => {
    const impossible = (item: z.ZodType) =>
      publish(
        z.object({
          f: z
            .array(z.object({ a: z.string() }))
            .min(1)
            .and(z.array(item)),
        }),
      );
    const [before, after] = [impossible(z.string()), impossible(z.int())];
    expect(compareVersions(before, after).changes).toContainEqual({
      pointer: '',
      detail: 'it cannot be compared: no data was found that the schema accepts',
      breaks: ['producers'],
    });
    expect(brokenBy(compareVersions(before, after))).toEqual(['consumers', 'producers']);
    const described = impossible(z.string().describe('A text.'));
    expect(brokenBy(compareVersions(before, described))).toEqual([]);
  });

  it('may be about where links may lead', () => {
    const [here, there] = ['https://a.example.com/', 'https://b.example.com/'];
    const { changes } = compareVersions(publish(z.object({}), [here]), publish(z.object({}), [there]));
    expect(changes.map(({ pointer, breaks }) => [pointer, ...breaks])).toEqual([
      ['/x-links', 'producers'],
      ['/x-links', 'consumers'],
    ]);
  });

  it.each([
    ['a part of the host', 'https://a.example.com/', 'https://a.example.com/reviews/', ['producers']],
    ['all of the host', 'https://a.example.com/reviews/', 'https://a.example.com/', ['consumers']],
    ['the same as the host that was named alone', 'https://a.example.com', 'https://a.example.com/', []],
  ])('may be about how much of a host links may lead to: now %s', (_, before, now, breaks) => {
    const published = { ...publish(z.object({})), 'x-links': [before] };
    const { changes } = compareVersions(published, publish(z.object({}), [now]));
    expect(changes.flatMap((change) => change.breaks)).toEqual(breaks);
  });
});

function has(document: unknown, pointer: string): boolean {
  let at = document;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = Object(at)[name];
  }
  return true;
}

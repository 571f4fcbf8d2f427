import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reasonsJson } from '../../../lib/cli/operate/dlq/json.ts';
import { ReasonSummary } from '../../../lib/ops/dead-letters/summarize.ts';
import { documentedParts, documentedShapes } from '../../integration/ops/documented-shapes.ts';

/** Parts that other kinds are made of; nothing prints them alone. */
const PARTS = ['bus', 'consumer', 'look', 'trouble', 'problem'];

it('every kind of answer is documented, and no other', () => {
  const printed = globSync('lib/cli/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/printJson(?:Line)?\(\s*'(\w+)'/g)].map(([, kind = '']) => kind),
  );
  const documented = [...documentedShapes().keys()].filter((kind) => !PARTS.includes(kind));
  expect([...new Set(printed)].toSorted()).toEqual(documented.toSorted());
  for (const [kind, fields] of documentedShapes()) expect(fields.length, kind).toBeGreaterThan(0);
});

it('a reason of a summary has the parts that are documented', () => {
  const summary = new ReasonSummary();
  const times = { firstAt: 1, lastAt: 2 };
  summary.add({
    messageId: 'm',
    errorName: 'Error',
    errorMessage: 'no',
    type: 'shop.Paid.v1',
    body: '',
    ...times,
  });
  const [reason] = reasonsJson(summary.reasons);
  expect(Object.keys(Object(reason)).toSorted()).toEqual(
    documentedParts('deadLetterSummary', 'reasons')
      .map((part) => part.replace('?', ''))
      .toSorted(),
  );
});

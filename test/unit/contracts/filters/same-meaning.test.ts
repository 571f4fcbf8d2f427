import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { matchesAttributes, matchesBody } from '../../../../lib/contracts/filter-policy/matches-policy.ts';
import { type FilterCase, filterCases } from './same-meaning.ts';

// Each schema checks a few values only, and is not worth a function of its own.
z.config({ jitless: true });

/** How many filters, each with some events: `FILTERS=100000 FILTER_SEED=7 npx vitest run same-meaning` tries others. */
const FILTERS = Number(process.env.FILTERS ?? 1_500);
const SEED = Number(process.env.FILTER_SEED ?? 1);

function passes(
  { filterPolicy, filterPolicyScope }: FilterCase['filter'],
  event: { readonly type?: unknown },
): boolean {
  return filterPolicyScope === 'MessageBody'
    ? matchesBody(filterPolicy, event)
    : matchesAttributes(filterPolicy, { type: { DataType: 'String', StringValue: String(event.type) } });
}

const NAME = `of ${FILTERS} filters, what SNS decides is what the condition says of the data that the handler gets`;

it(NAME, { timeout: 60_000 + FILTERS * 20 }, () => {
  const seen = { refused: 0, warned: 0, compared: 0, wanted: 0 };
  const started = performance.now();
  fc.assert(
    fc.property(filterCases, ({ findings, warnings, filter, samples, text }) => {
      if (findings.length > 0) return void seen.refused++;
      if (warnings.length > 0) return void seen.warned++;
      for (const { event, wanted } of samples) {
        seen.compared++;
        if (wanted) seen.wanted++;
        expect(passes(filter, event), `${text}\n${JSON.stringify(event)}`).toBe(wanted);
      }
    }),
    { seed: SEED, numRuns: FILTERS },
  );
  if (process.env.FILTERS) {
    console.info({ ...seen, seconds: Math.round(performance.now() - started) / 1000 });
  }
  // It has to be about something: events that are wanted, and such that are not.
  expect(seen.compared).toBeGreaterThan(FILTERS);
  expect(seen.wanted).toBeGreaterThan(seen.compared / 10);
  expect(seen.wanted).toBeLessThan((seen.compared * 9) / 10);
});

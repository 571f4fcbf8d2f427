import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createApp } from '../../bin/app.ts';
import { estimateCost } from '../../lib/ops/cost/estimate-cost.ts';
import { readInventory } from '../../lib/ops/cost/read-inventory.ts';
import { WITHOUT_BUNDLING } from '../cdk/synthesized.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-cost-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

it('is what the README says that it costs, to the cent', async () => {
  createApp({ outdir, context: WITHOUT_BUNDLING }).synth();
  const { lines, oneByOne, inTens, standing } = estimateCost(await readInventory(outdir), 1_000_000);
  const [, section = ''] =
    /\n## What it costs\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? [];
  const told = [...section.matchAll(/^\| (.+?) \| (.+?) \| ([\d.]+) \| ([\d.]+) \|$/gm)].map((row) =>
    row.slice(1),
  );
  expect(told).toEqual([
    ...lines.map((line) => [line.what, line.how, line.oneByOne.toFixed(2), line.inTens.toFixed(2)]),
    ['together', `of it ${standing.toFixed(2)} without any event`, oneByOne.toFixed(2), inTens.toFixed(2)],
  ]);
});

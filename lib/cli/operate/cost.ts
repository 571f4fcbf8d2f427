import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { synthesize } from '../../local/synthesize.ts';
import { type CostEstimate, estimateCost } from '../../ops/cost/estimate-cost.ts';
import { readInventory, readInventoryOf } from '../../ops/cost/read-inventory.ts';
import { findProject } from '../../project/find-project.ts';
import { nonEmpty, wholeNumber } from '../terminal/parse-options.ts';
import { printJson } from '../terminal/print-json.ts';
import { formatTable } from '../terminal/table.ts';

interface CostOptions {
  readonly app?: string;
  readonly eventsPerMonth: number;
  readonly laterPerMonth: number;
  readonly receiptsPerMonth: number;
  readonly assembly?: string;
  readonly standing: boolean;
  readonly json: boolean;
}

/** Adds `fanfare cost`. */
export function addCostCommand(program: Command): void {
  program
    .command('cost')
    .description(
      'Says what the synthesized stacks cost a month, by list prices of us-east-1 without free tiers.',
    )
    .option(
      '--events-per-month <n>',
      'events that come over HTTP; each consumer handles each of them once',
      wholeNumber({ min: 0 }),
      1_000_000,
    )
    .option(
      '--later-per-month <n>',
      'events that come after more than 15 minutes: what each costs beside what every event does',
      wholeNumber({ min: 0 }),
      0,
    )
    .option('--receipts-per-month <n>', 'receipts that are asked for', wholeNumber({ min: 0 }), 0)
    .option(
      '--assembly <folder>',
      'what was synthesized, such as cdk.out (default: synthesizes the stage dev anew)',
      nonEmpty,
    )
    .option('--app <name>', 'only the stacks of this app (default: all that is synthesized)', nonEmpty)
    .option('--standing', 'only what stands still, in one line', false)
    .option('--json', 'print it as JSON', false)
    .action(runCost);
}

async function runCost(options: CostOptions): Promise<void> {
  const { app, eventsPerMonth, laterPerMonth: later, receiptsPerMonth: receipts } = options;
  const { assembly, standing, json } = options;
  const folder = await mkdtemp(join(tmpdir(), 'fanfare-cost-'));
  try {
    if (assembly === undefined) await synthesize({ ...findProject(), outputDirectory: folder });
    const from = assembly ?? folder;
    const inventory = app === undefined ? await readInventory(from) : await readInventoryOf(app, from);
    const estimate = estimateCost(inventory, eventsPerMonth, { later, receipts });
    if (json) printJson('cost', estimate);
    else console.log(standing ? standingLine(estimate) : costTable(estimate));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function standingLine({ standing, consumers }: CostEstimate): string {
  return `Without any event this costs about ${dollars(standing)} dollars a month with ${consumers} consumers; npx fanfare cost says why.`;
}

function costTable({ eventsPerMonth, consumers, lines, standing, oneByOne, inTens }: CostEstimate): string {
  const rows = lines.map((line) => [line.what, cell(line.oneByOne), cell(line.inTens), line.how]);
  return [
    `US dollars a month: ${eventsPerMonth.toLocaleString('en')} events, each handled by ${consumers} consumers.`,
    '',
    formatTable([
      ['what', 'one by one', 'in tens', 'how it is counted'],
      ...rows,
      ['together', cell(oneByOne), cell(inTens), `of it ${dollars(standing)} without any event`],
    ]),
  ].join('\n');
}

/** As wide as its heading, so that the points are below each other. */
function cell(amount: number): string {
  return dollars(amount).padStart('one by one'.length);
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}

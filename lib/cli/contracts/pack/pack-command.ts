import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { findProject } from '../../../project/find-project.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { compareWithPublished, openVerdicts } from '../compare-with-published.ts';
import { type Packed, packContracts } from './pack-contracts.ts';
import { readAbout } from './read-about.ts';

interface PackCommandOptions {
  readonly out: string;
  readonly name?: string;
  readonly version?: string;
  readonly only?: readonly string[];
  readonly events?: string;
  readonly json: boolean;
}

/** Adds `fanfare contracts pack`. */
export function addPackCommand(contracts: Command): void {
  contracts
    .command('pack')
    .description(
      'Writes an npm package of the contracts, for another repository that uses the events. See docs/contracts.md.',
    )
    .option('--out <folder>', 'where the package goes', nonEmpty, 'dist/contracts')
    .option('--name <name>', 'name of the package (default: @<app>/contracts)', nonEmpty)
    .option('--version <version>', 'version of the package (default: that of package.json)', nonEmpty)
    .option('--only <types>', 'only these events, such as shop.OrderPlaced,shop.OrderCancelled', listOfTypes)
    .option(
      '--events <folder>',
      'folder of the contracts (default: events, or what package.json says)',
      nonEmpty,
    )
    .option('--json', 'print what was packed as JSON', false)
    .action(runPack);
}

async function runPack(options: PackCommandOptions): Promise<void> {
  const project = findProject();
  const events = resolve(options.events ?? project.events);
  const about = readAbout(project, options);
  const [open] = openVerdicts(await compareWithPublished({ events }));
  if (open) {
    throw new Error(
      `${open.type} is not as it was published, so nothing was packed; see npx fanfare contracts check`,
    );
  }
  const out = resolve(options.out);
  const content = await packContracts({ root: project.root, events, out, about, only: options.only });
  const { packed, unshared } = content;
  const { name, version } = about;
  if (options.json) {
    const all = packed.map(({ name, contract }) => [name, contract.versions.map((one) => one.versionedType)]);
    printJson('package', { name, version, directory: out, contracts: Object.fromEntries(all), unshared });
  } else console.log(describe(content, { name, version, folder: shownFolder(out) }));
}

/** As npm takes a folder: a path without a dot before it would be a package. */
function shownFolder(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path.startsWith('..') ? folder : `./${path}`;
}

function listOfTypes(text: string): readonly string[] {
  return nonEmpty(text)
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '');
}

function describe(
  { packed, unshared }: Packed,
  { name, version, folder }: { readonly name: string; readonly version: string; readonly folder: string },
): string {
  return [
    `${name} ${version} is in ${folder}:`,
    ...packed.map(
      ({ name, contract: { versions } }) =>
        `  ${name}: ${versions.map((one) => one.versionedType).join(', ')}`,
    ),
    ...unshared.map((type) => `The code of ${type} is in it too: its file has one of these events.`),
    '',
    `  npm pack ${folder}       makes a tarball of it`,
    `  npm publish ${folder}    publishes it`,
  ].join('\n');
}

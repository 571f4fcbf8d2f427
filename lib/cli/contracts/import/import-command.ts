import type { Command } from 'commander';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { importContracts } from './import-contracts.ts';

/** Adds `fanfare contracts import`. */
export function addImportCommand(contracts: Command): void {
  contracts
    .command('import')
    .description(
      'Writes contracts from the JSON Schemas of another repository, where no package can be installed. See docs/contracts.md.',
    )
    .argument('<source>', 'a folder of schemas or one that has it, a schema, or an asyncapi.json', nonEmpty)
    .option(
      '--out <folder>',
      'where index.ts goes; only one of an import is overwritten',
      nonEmpty,
      'events/imported',
    )
    .option('--json', 'print what was written as JSON', false)
    .action(async (source: string, { out, json }: { readonly out: string; readonly json: boolean }) => {
      const { file, contracts: names, retired } = await importContracts(source, out);
      if (json) {
        printJson('imported', { file, contracts: names, retired });
        return;
      }
      const all = Object.entries(names);
      console.log(
        [
          `Wrote ${file}: ${all.length} contracts.`,
          ...all.map(([type, name]) => `  ${name}: ${type}`),
          ...retired.map((type) => `Left out ${type}, which is retired.`),
        ].join('\n'),
      );
    });
}

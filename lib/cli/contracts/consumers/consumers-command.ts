import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { describeConsumers } from '../../../contracts/consumers/app-consumers.ts';
import { findProject } from '../../../project/find-project.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { loadConsumers } from './load-consumers.ts';

/** Adds `fanfare contracts consumers`. */
export function addConsumersCommand(contracts: Command): void {
  contracts
    .command('consumers')
    .description(
      'Writes which events and versions the consumers of this app take, as JSON for the repository that publishes them.',
    )
    .option('--out <file>', 'where to (default: the standard output)', nonEmpty)
    .action(async ({ out }: { readonly out?: string }) => {
      const { context, lambdas } = findProject();
      if (typeof context.app !== 'string') throw new Error('cdk.json has no "app" in its context; write one');
      const text = JSON.stringify(describeConsumers(context.app, await loadConsumers(lambdas)), null, 2);
      if (out === undefined) {
        console.log(text);
        return;
      }
      await writeFile(out, `${text}\n`);
      console.log(out);
    });
}

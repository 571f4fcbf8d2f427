import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { purge } from '../../../lib/ops/dead-letters/purge.ts';
import { consumerNamed } from '../../../lib/ops/deployment.ts';
import { ofConsumer, withSelection } from './dlq.ts';
import { type PlaceOptions, untilInterrupted, withDeployment } from './place.ts';
import { type SelectionOptions, selectionOf } from './selection.ts';

type PurgeOptions = PlaceOptions &
  SelectionOptions & { readonly file?: string; readonly yes: boolean; readonly json: boolean };

/** Adds `fanfare dlq purge`. */
export function addDlqPurge(dlq: Command): void {
  withSelection(ofConsumer(dlq.command('purge')))
    .description('Deletes dead letters, after it has written them to a file.')
    .option('--file <path>', 'where to (default: dead-letters-<consumer>-<time>.jsonl)')
    .option('--yes', 'do not ask', false)
    .option('--json', 'print the result as JSON', false)
    .action(runPurge);
}

async function runPurge(
  name: string,
  { file = defaultFile(name), yes, json, ...options }: PurgeOptions,
  command: Command,
): Promise<void> {
  const purged = await withDeployment(options, async ({ clients, deployment }) => {
    const consumer = consumerNamed(deployment, name);
    if (!yes && !(await confirm(`Delete dead letters of ${name} (stage ${deployment.stage})?`, command)))
      return;
    const selection = selectionOf(options);
    return purge(clients, consumer, { selection, file, signal: untilInterrupted() });
  });
  if (purged === undefined) {
    console.error('Nothing was deleted.');
    process.exitCode = 1;
    return;
  }
  console.log(
    json
      ? JSON.stringify({ purged, file })
      : `${purged} dead letters of ${name} are deleted; they are in ${file}.`,
  );
}

function defaultFile(consumer: string): string {
  return `dead-letters-${consumer}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl`;
}

/** Where nobody can answer, nobody has agreed. */
async function confirm(question: string, command: Command): Promise<boolean> {
  if (!process.stdin.isTTY)
    command.error('error: this deletes; say --yes where nobody can be asked', { exitCode: 2 });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

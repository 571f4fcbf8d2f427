import type { Command } from 'commander';
import { type Restored, restore } from '../../../ops/dead-letters/restore.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { printJson } from '../../terminal/print-json.ts';
import { createProgress } from '../../terminal/progress.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { describeRefusals } from './redrive.ts';

type RestoreOptions = TargetOptions & { readonly dryRun: boolean; readonly json: boolean };

/** Adds `fanfare dlq restore`. */
export function addDlqRestore(dlq: Command): void {
  withTarget(dlq.command('restore').argument('<file>', 'file that a purge has written'))
    .description(
      'Sends the messages of a purge file to the queue of their consumer, and to no other queue. A restore that was stopped can be run again: it continues.',
    )
    .option('--dry-run', 'check the file and show what would be sent', false)
    .option('--json', 'print the result as JSON', false)
    .action(runRestore);
}

async function runRestore(file: string, { dryRun, json, ...options }: RestoreOptions): Promise<void> {
  const signal = untilStopped();
  await withDeployment(options, async ({ clients, deployment }) => {
    const progress = createProgress(process.stderr, 'Restoring');
    const onProgress = ({ restored: count, total }: { restored: number; total: number }): void =>
      progress.update(count, { total });
    const restored = await restore(clients, deployment, { file, dryRun, signal, onProgress });
    if (restored.restored > 0) progress.finish();
    if (json) printJson('restore', { file, dryRun, ...restored });
    else print(restored, dryRun);
    if (restored.refused.length > 0) process.exitCode = EXIT.trouble;
  });
}

function print({ consumer, total, before, restored, refused, stopped }: Restored, dryRun: boolean): void {
  const count = dryRun ? total - before : restored;
  const verb = dryRun ? 'would be' : count === 1 ? 'was' : 'were';
  const earlier = before > 0 ? `; ${before} were restored before` : '';
  console.log(
    `${count} of ${total} purged messages ${verb} sent to the queue of ${consumer}${earlier}${stopped ? '; stopped' : ''}.`,
  );
  for (const one of describeRefusals('SQS refused', refused)) console.error(one);
}

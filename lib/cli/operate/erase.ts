import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { EventContract } from '../../contracts/define-event.ts';
import { type EraseReport, type EraseRequest, erase } from '../../ops/erase/erase.ts';
import { UnreadableError } from '../../ops/errors.ts';
import { findProject } from '../../project/find-project.ts';
import { loadContracts } from '../contracts/load-contracts.ts';
import { confirm } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { moment, nonEmpty, nonEmptyEach } from '../terminal/parse-options.ts';
import { printJson } from '../terminal/print-json.ts';
import { createProgress } from '../terminal/progress.ts';
import { refusalOfRange } from '../terminal/time-range.ts';
import { untilStopped } from '../terminal/until-stopped.ts';
import { describeErasure } from './erase/describe-erasure.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';

type EraseOptions = TargetOptions & {
  readonly subject: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly file?: readonly string[];
  readonly report?: string;
  readonly events?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
};

/** A report names persons: no other user of this machine may read it. */
const OWNER_ONLY = 0o600;

/** Adds `fanfare erase`. */
export function addEraseCommand(program: Command): void {
  withTarget(program.command('erase'))
    .description(
      'Erases what a deployment holds of a person: archive, large data, dead letters, records, purge files. It asks first, and writes a report.',
    )
    .requiredOption(
      '--subject <text...>',
      'the person, as the events name it; may be said several times',
      nonEmptyEach,
    )
    .option('--from <time>', 'only archived events that arrived since (default: all)', moment)
    .option('--to <time>', 'only archived events that arrived before (default: now)', moment)
    .option('--file <path...>', 'purge files that are not in this folder', nonEmptyEach)
    .option('--report <path>', 'the report (default: erasure-<time>.json; none with --dry-run)', nonEmpty)
    .option('--events <folder>', 'folder of the contracts (default: that of the project)', nonEmpty)
    .option('--dry-run', 'say what would be erased, and change nothing', false)
    .option('--yes', 'do not ask', false)
    .option('--json', 'print the report as JSON', false)
    .action(runErase);
}

async function runErase(options: EraseOptions, command: Command): Promise<void> {
  const { yes, dryRun, subject, json, from = 0, to = Date.now() } = options;
  const refuse = (reason: string): never => command.error(`error: ${reason}`, { exitCode: EXIT.usage });
  const refusal = refusalOfRange({ typed: options, used: { from, to }, begins: 'with the archive' });
  if (refusal !== undefined) refuse(refusal);
  if (!yes && !dryRun && !process.stdin.isTTY)
    refuse('this erases data and cannot ask here; add --yes, or --dry-run to see what it would erase');
  if (options.report !== undefined && existsSync(options.report))
    refuse(`the file ${options.report} of --report exists already; name another`);
  const signal = untilStopped();
  const contracts = await contractsOf(options);
  if (contracts.every(({ versions }) => versions.every(({ personal }) => personal === undefined)))
    console.error(
      'No contract says where its data names the person (personal): only the attribute subject of events is compared.',
    );
  const file =
    options.report ??
    (dryRun ? undefined : `erasure-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  await withDeployment(options, async (connection) => {
    const { app, stage } = connection.deployment;
    const question = `Erase everything of ${subject.join(', ')} from stage ${stage} of ${app}? It cannot be undone.`;
    if (!yes && !dryRun && !(await confirm(question, signal))) {
      console.error('Nothing was erased.');
      process.exitCode = EXIT.trouble;
      return;
    }
    const files = (options.file ?? []).map((path) => resolve(path));
    const request = { subjects: subject, contracts, from, to, dryRun, folder: process.cwd(), files, signal };
    const report = await eraseWithReport(connection, request, file);
    if (json) printJson('erasure', reportOf(report), report.problems);
    else for (const line of describeErasure(report, file)) console.log(line);
    if (!signal.aborted) process.exitCode = exitCodeOf(report);
  });
}

/** Contracts say where the events of an app name the person: without them, only the attribute `subject` could be compared. */
async function contractsOf({ events }: EraseOptions): Promise<readonly EventContract[]> {
  const folder = events ?? findProject().events;
  if (existsSync(join(folder, 'index.ts'))) return loadContracts(folder);
  throw new UnreadableError(
    `there are no contracts in ${folder}, which say where events name the person; run the command in the folder of the app, or name them with --events`,
  );
}

/** The file is there before anything is erased: an erasure whose report cannot be written must not begin. */
async function eraseWithReport(
  connection: Connection,
  request: EraseRequest,
  file: string | undefined,
): Promise<EraseReport> {
  const output = file === undefined ? undefined : await open(file, 'wx', OWNER_ONLY);
  let isWritten = false;
  try {
    const progress = createProgress(process.stderr, request.dryRun ? 'Reading' : 'Erasing');
    const report = await erase(connection, {
      ...request,
      onProgress: ({ done, total, events }) => progress.update(done, { total, note: `${events} events` }),
    });
    if (report.archive) progress.finish();
    const { app, stage } = connection.deployment;
    const content = { app, stage, at: new Date().toISOString(), ...report };
    await output?.write(`${JSON.stringify(content, null, 2)}\n`);
    await output?.sync();
    isWritten = true;
    return report;
  } finally {
    await output?.close();
    if (file !== undefined && output && !isWritten) await rm(file);
  }
}

function reportOf({ problems: _, ...report }: EraseReport): object {
  return report;
}

function exitCodeOf({ left, openReplays, unknown, problems }: EraseReport): number {
  if (left.length + openReplays.length > 0) return EXIT.trouble;
  return unknown.length + problems.length > 0 ? EXIT.unknown : EXIT.ok;
}

import type { Command } from 'commander';
import { openReplays, replayNamed } from '../../../ops/replay/open-replays.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { describeReplay, hasTrouble } from './describe-replay.ts';
import { replayJson } from './json.ts';

type ShowOptions = TargetOptions & { readonly json: boolean };

/** Adds `fanfare replay show`. */
export function addReplayShow(replay: Command): void {
  withTarget(replay.command('show').argument('<id>', 'id of a replay, as replay list shows it', nonEmpty))
    .description(
      'Shows how far a replay is, and what could not be read or sent. Exits with 1 if there is such a thing, or if it has failed.',
    )
    .option('--json', 'print it as JSON', false)
    .action(runShow);
}

async function runShow(id: string, { json, ...options }: ShowOptions): Promise<void> {
  const { state, problems } = await withDeployment(options, async ({ clients, deployment }) => {
    const ports = openReplays(clients, deployment);
    const found = await replayNamed(ports, id);
    const all: string[] = [];
    for await (const task of ports.table.tasksOf(id)) all.push(...task.problems);
    return { state: found, problems: all };
  });
  if (json) printJson('replay', { ...replayJson(state), problems });
  else console.log(describeReplay(state, problems));
  if (hasTrouble(state)) process.exitCode = EXIT.trouble;
}

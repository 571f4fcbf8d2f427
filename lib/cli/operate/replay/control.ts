import type { Command } from 'commander';
import {
  type ControlPorts,
  cancelReplay,
  pauseReplay,
  resumeReplay,
} from '../../../archive/replay/control-replay.ts';
import type { ReplayState } from '../../../archive/replay/replay-state.ts';
import { openReplays, replayNamed } from '../../../ops/replay/open-replays.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { replayLine } from './describe-replay.ts';
import { replayJson } from './json.ts';

type ControlOptions = TargetOptions & { readonly json: boolean };

/** What can be done with a replay that has begun. */
const CONTROLS = {
  pause: { change: pauseReplay, summary: 'Stops a replay within some seconds; resume goes on where it was.' },
  resume: {
    change: resumeReplay,
    summary: 'Goes on with a replay that is paused, has failed, or no longer moves.',
  },
  cancel: { change: cancelReplay, summary: 'Ends a replay for good. What was sent stays sent.' },
} as const;

/** Adds `fanfare replay pause|resume|cancel`. */
export function addReplayControls(replay: Command): void {
  for (const [name, { change, summary }] of Object.entries(CONTROLS)) {
    withTarget(replay.command(name).argument('<id>', 'id of a replay, as replay list shows it', nonEmpty))
      .description(`${summary} Exits with 1 if the replay is not in a state for it.`)
      .option('--json', 'print it as JSON', false)
      .action((id: string, options: ControlOptions) => runControl(id, options, change));
  }
}

async function runControl(
  id: string,
  { json, ...options }: ControlOptions,
  change: (ports: ControlPorts, id: string) => Promise<ReplayState | undefined>,
): Promise<void> {
  await withDeployment(options, async ({ clients, deployment }) => {
    const ports = openReplays(clients, deployment);
    const changed = await change(ports, id);
    const state = changed ?? (await replayNamed(ports, id));
    if (json) printJson('replay', replayJson(state));
    else console.log(replayLine(state));
    if (changed) return;
    console.error(`Nothing was changed: the replay is ${state.status}.`);
    process.exitCode = EXIT.trouble;
  });
}

import type { Command } from 'commander';
import { EXIT } from '../terminal/exit-code.ts';
import { addReplayControls } from './replay/control.ts';
import { addReplayList } from './replay/list.ts';
import { addReplayShow } from './replay/show.ts';
import { addReplayStart } from './replay/start.ts';

/** Adds `fanfare replay`, which starts one, and `fanfare replay list|show|pause|resume|cancel`. */
export function addReplayCommands(program: Command): void {
  // `replay` has options of its own, such as --json; those behind a subcommand are the subcommand's.
  const replay = program.enablePositionalOptions().command('replay');
  addReplayStart(replay.hook('preSubcommand', refuseOptionsBefore));
  for (const add of [addReplayList, addReplayShow, addReplayControls]) add(replay);
}

/** An option before a subcommand is of `replay` alone: `replay --stage prod cancel X` must not cancel X on this machine. */
function refuseOptionsBefore(replay: Command, subcommand: Command): void {
  const typed = replay.options.find(
    (option) => replay.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (typed === undefined) return;
  const name = subcommand.name();
  replay.error(
    `error: ${typed.long} before '${name}' is of no effect; what '${name}' is told stands behind it: fanfare replay ${name} --help`,
    { exitCode: EXIT.usage },
  );
}

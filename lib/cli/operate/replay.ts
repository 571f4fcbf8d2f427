import type { Command } from 'commander';
import { addReplayControls } from './replay/control.ts';
import { addReplayList } from './replay/list.ts';
import { addReplayShow } from './replay/show.ts';
import { addReplayStart } from './replay/start.ts';

/** Adds `fanfare replay`, which starts one, and `fanfare replay list|show|pause|resume|cancel`. */
export function addReplayCommands(program: Command): void {
  // `replay` has options of its own, such as --json; those behind a subcommand are the subcommand's.
  const replay = program.enablePositionalOptions().command('replay');
  addReplayStart(replay);
  for (const add of [addReplayList, addReplayShow, addReplayControls]) add(replay);
}

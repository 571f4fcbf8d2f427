import type { Command } from 'commander';
import { addScheduledCancel } from './cancel.ts';
import { addScheduledList } from './list.ts';

/** Adds `fanfare scheduled list|cancel`. */
export function addScheduledCommands(program: Command): void {
  const scheduled = program
    .command('scheduled')
    .description('Events that come later, and those that come again and again.');
  for (const add of [addScheduledList, addScheduledCancel]) add(scheduled);
}

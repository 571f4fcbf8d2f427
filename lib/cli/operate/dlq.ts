import type { Command } from 'commander';
import { addDlqEdit } from './dlq/edit.ts';
import { addDlqList } from './dlq/list.ts';
import { addDlqMoves } from './dlq/moves.ts';
import { addDlqPurge } from './dlq/purge.ts';
import { addDlqRedrive } from './dlq/redrive.ts';
import { addDlqRestore } from './dlq/restore.ts';
import { addDlqShow } from './dlq/show.ts';

/** Adds `fanfare dlq list|show|redrive|edit|purge|restore|moves|cancel`. */
export function addDlqCommands(program: Command): void {
  const dlq = program
    .command('dlq')
    .description('Dead letters: lists them with their reasons; sends them back, edits or deletes them.');
  for (const add of [
    addDlqList,
    addDlqShow,
    addDlqRedrive,
    addDlqEdit,
    addDlqPurge,
    addDlqRestore,
    addDlqMoves,
  ])
    add(dlq);
}

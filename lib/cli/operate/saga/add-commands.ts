import type { Command } from 'commander';
import { addSagaList } from './list.ts';
import { addSagaShow } from './show.ts';

/** Adds `fanfare saga list|show`. */
export function addSagaCommands(program: Command): void {
  const saga = program
    .command('saga')
    .description('Sagas: in which steps they are, and how they came there. Nothing is changed.');
  for (const add of [addSagaList, addSagaShow]) add(saga);
}

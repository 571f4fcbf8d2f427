import { type Command, Option } from 'commander';
import { addDlqEdit } from './dlq-edit.ts';
import { addDlqList } from './dlq-list.ts';
import { addDlqPurge } from './dlq-purge.ts';
import { addDlqRedrive } from './dlq-redrive.ts';
import { withPlace } from './place.ts';

/** Adds `fanfare dlq list|show|redrive|edit|purge`. */
export function addDlqCommands(program: Command): void {
  const dlq = program.command('dlq').description('Dead letters: why they died, and what to do with them.');
  for (const add of [addDlqList, addDlqRedrive, addDlqEdit, addDlqPurge]) add(dlq);
}

/** A command about the dead letters of one consumer. */
export function ofConsumer(command: Command): Command {
  return withPlace(command.argument('<consumer>', 'name of a consumer, such as email'));
}

/** Adds the options that choose some of the dead letters. */
export function withSelection(command: Command): Command {
  return command
    .option('--error <name>', 'only those that died of this error')
    .option('--type <type>', 'only events of this type, with or without its version')
    .option(
      '--containing <text>',
      'only those that have this text in their event, such as the id of a customer',
    )
    .addOption(new Option('--older-than <seconds>', 'only those that failed longer ago').argParser(Number));
}
